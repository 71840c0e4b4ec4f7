// Where all readers bring their rows: checks texts and labels, counts, and makes the data set.

import EnsueFiles

/// Collects rows with labels as bytes, then gives the labels their indices.
struct RowCollector {
  struct Row {
    var text: String
    var pair: String?
    var label: [UInt8]
    var number: Double?
    var line: Int
    var file: Int
  }

  let options: ReadingOptions
  /// The labels allowed; `nil`: any.
  let known: LabelIndex?
  private(set) var rows: [Row] = []
  private(set) var report = ReadingReport()
  /// Added to the message about an unknown label, when the row may be a header.
  var doubt: String?

  init(options: ReadingOptions, knownLabels: [String]? = nil) {
    self.options = options
    known = options.labelKind == .number ? nil : knownLabels.map(LabelIndex.init)
  }

  /// Opens the next file.
  mutating func open(_ path: String) throws -> SourceText {
    let text = try SourceText(path: path, encoding: options.encoding, badBytes: options.badBytes)
    begin(text)
    return text
  }

  mutating func begin(_ text: SourceText) {
    report.files.append(text.file)
    report.replacedBytes += text.replacedBytes
  }

  mutating func addBlankLines(_ count: Int) { report.blankLines += count }
  mutating func addIgnoredField() { report.ignoredFields += 1 }
  mutating func addNote(_ note: String) { report.notes.append(note) }

  /// Adds a row of the file opened last; white space at the ends of texts and label is dropped.
  /// - Returns: whether it was taken rather than skipped.
  @discardableResult
  mutating func add(
    text: some BidirectionalCollection<UInt8>, pair: [UInt8]? = nil, label: some BidirectionalCollection<UInt8>,
    line: Int
  ) throws -> Bool {
    let (text, pair, label) = (text.trimmed, pair?.trimmed, label.trimmed)
    let place = self.place(line)
    if text.isEmpty {
      let failure = Failure(
        .data, at: place, "a text expected, found an empty one", advice: RowCollector.skipAdvice)
      return try skip(.emptyText, failure)
    }
    if pair?.isEmpty == true {
      let failure = Failure(
        .data, at: place, "a second text expected, found an empty one", advice: RowCollector.skipAdvice)
      return try skip(.emptyPair, failure)
    }
    if label.isEmpty {
      let failure = Failure(
        .data, at: place, "a label expected, found an empty one", advice: RowCollector.skipAdvice)
      return try skip(.emptyLabel, failure)
    }
    if let known, known[label] == nil {
      let name = String(decoding: label, as: UTF8.self)
      return try skip(
        .unknownLabel, LabelIndex.unknown(name, known: known.labels, at: place, advice: doubt))
    }
    let number = options.labelKind == .number ? LabelKind.number(label) : nil
    if options.labelKind == .number, number == nil {
      return try skip(.notNumber, notNumber(label, at: place))
    }
    let file = report.files.count - 1
    rows.append(
      Row(
        text: String(decoding: text, as: UTF8.self), pair: pair.map { String(decoding: $0, as: UTF8.self) },
        label: label, number: number, line: line, file: file))
    report.rows += 1
    return true
  }

  /// Replaces the row at `index` by the newest one, which a later duplicate brought.
  mutating func replaceWithLast(_ index: Int) {
    rows[index] = rows.removeLast()
    report.replacedDuplicates += 1
  }

  /// Counts a bad row, or stops at it.
  @discardableResult
  mutating func skip(_ reason: SkippedRowReason, _ failure: Failure) throws -> Bool {
    guard options.skipBadRows else { throw failure }
    report.skip(reason, at: failure.place)
    return false
  }

  private func notNumber(_ label: [UInt8], at place: String) -> Failure {
    Failure(
      .data, at: place, "a number from -1e9 to 1e9 as label expected, found \(Failure.shown(label))",
      advice: doubt ?? RowCollector.skipAdvice)
  }

  func place(_ line: Int) -> String { "\(report.files.last?.path ?? ""):\(line)" }

  static let skipAdvice = "Correct the row, or leave such rows out with --skip-bad-rows."

  /// The data set, with labels in the order given or in their natural order.
  func dataset(name: String) throws -> LabelledDataset {
    var report = report
    let index: LabelIndex
    if options.labelKind == .number {
      index = LabelIndex([LabelledDataset.numberLabel])
    } else if let known {
      index = known
    } else {
      let labels = LabelIndex.ordered(Set(rows.map(\.label)))
      try checkLabels(labels)
      report.notes += LabelIndex.doubts(labels)
      index = LabelIndex(labels.map { String(decoding: $0, as: UTF8.self) })
    }
    guard !rows.isEmpty else {
      let found = report.skippedCount > 0 ? "\(report.skippedCount) bad rows" : "none"
      throw Failure(.data, at: report.files.first?.path ?? name, "labelled sentences expected, found \(found)")
    }
    let examples = rows.compactMap { row in
      (row.number == nil ? index[row.label] : 0).map {
        LabelledExample(
          text: row.text, pair: row.pair, label: $0, number: row.number, line: row.line, file: row.file)
      }
    }
    return LabelledDataset(name: name, labels: index.labels, examples: examples, report: report)
  }

  /// Refuses labels that look like texts: more than half of them different.
  private func checkLabels(_ labels: [[UInt8]]) throws {
    guard rows.count >= 20, labels.count > rows.count / 2, let first = rows.first else { return }
    throw Failure(
      .data, at: report.files.first?.path ?? "",
      "a column of labels expected, found \(labels.count) different ones in \(rows.count) rows, such as"
        + " \(Failure.shown(first.label))",
      advice: "Say which column is which with --text-column and --label-column.")
  }
}
