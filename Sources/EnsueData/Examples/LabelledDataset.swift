// The value every reader and generator of this module produces: sentences with classes, and what was read.

import EnsueFiles

/// Labelled sentences with the names of their classes and the report of their reading.
///
/// Either all examples have a second text or none has; either all have a number or none has.
public struct LabelledDataset: Sendable, Equatable {
  /// The one label where labels are numbers: transformers' name of an output that is one.
  public static let numberLabel = "LABEL_0"

  /// What it is called in tables, such as `mr test`.
  public let name: String
  /// The classes; an example's `label` is an index into them.
  public let labels: [String]
  /// The sentences, in the order of their files.
  public let examples: [LabelledExample]
  /// What was read, skipped and replaced on the way.
  public let report: ReadingReport

  /// - Precondition: every example's label is an index into `labels`.
  public init(name: String, labels: [String], examples: [LabelledExample], report: ReadingReport) {
    precondition(
      examples.allSatisfy { labels.indices.contains($0.label) },
      "LabelledDataset \(name): every label must be in 0..<\(labels.count)")
    self.name = name
    self.labels = labels
    self.examples = examples
    self.report = report
  }

  public var count: Int { examples.count }
  public var isEmpty: Bool { examples.isEmpty }
  /// Whether texts come in pairs.
  public var hasPairs: Bool { examples.first?.pair != nil }
  public var labelKind: LabelKind { examples.first?.number == nil ? .category : .number }

  /// An example's label as its file has it, but for a number's spelling.
  public func labelText(of example: LabelledExample) -> String {
    example.number.map { "\($0)" } ?? labels[example.label]
  }

  /// A line for each class, or one for all numbers.
  public var labelLines: [String] {
    switch labelKind {
    case .category: classBalance.lines
    case .number: [NumberStatistics(examples.compactMap(\.number)).line]
    }
  }

  /// How many examples each class has.
  public var classBalance: ClassBalance {
    var counts = [Int](repeating: 0, count: labels.count)
    for example in examples { counts[example.label] += 1 }
    return ClassBalance(labels: labels, counts: counts)
  }

  /// Where an example of this data set stood, as `file:line`, for messages.
  public func place(of example: LabelledExample) -> String {
    guard let file = example.file, report.files.indices.contains(file) else { return "\(name):\(example.line)" }
    return "\(report.files[file].path):\(example.line)"
  }

  /// The digest of labels, texts and their order: the same contents have the same digest, from whichever files.
  public var contentDigest: Digest {
    var digest = IncrementalDigest()
    for label in labels { digest.append(Array(label.utf8) + [0]) }
    for example in examples {
      digest.append(Array("\(example.label)\t\(example.text)".utf8) + [0])
      if let pair = example.pair { digest.append(Array(pair.utf8) + [0]) }
      if let number = example.number { digest.append(Array("\(number)".utf8) + [0]) }
    }
    return digest.digest
  }

  /// The examples at `indices`, in that order, under another name.
  public func selecting(_ indices: [Int], name: String) -> LabelledDataset {
    LabelledDataset(name: name, labels: labels, examples: indices.map { examples[$0] }, report: report)
  }

  /// The same data set under another name.
  public func named(_ name: String) -> LabelledDataset {
    LabelledDataset(name: name, labels: labels, examples: examples, report: report)
  }

  /// The same examples with label indices into `order`, a model's own list of classes.
  /// - Throws: `Failure` of kind `data` when an example's class is not in `order`.
  public func reindexed(to order: [String]) throws -> LabelledDataset {
    let lookup = LabelIndex(order)
    let indices = labels.map { lookup[Array($0.utf8)] }
    let moved = try examples.map { example in
      guard let index = indices[example.label] else {
        throw LabelIndex.unknown(labels[example.label], known: order, at: place(of: example))
      }
      return example.labelled(index)
    }
    return LabelledDataset(name: name, labels: order, examples: moved, report: report)
  }

  /// Checks that there is something to learn: examples, of at least two classes or numbers.
  /// - Throws: `Failure` of kind `data`.
  public func requireSeveralLabels() throws {
    let place = report.files.first?.path ?? name
    guard let first = examples.first else {
      throw Failure(.data, at: place, "examples to train on expected, found none")
    }
    if examples.contains(where: { $0.label != first.label || $0.number != first.number }) { return }
    throw Failure(
      .data, at: place,
      "at least two \(labelKind == .number ? "numbers" : "classes") to train on expected,"
        + " found only \(Failure.shown(labelText(of: first)))"
        + " in \(PrintedNumber.counted(count, "example", "examples"))",
      advice: "Check which column is the label.")
  }
}
