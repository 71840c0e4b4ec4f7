// How the examples spread over the classes.

import EnsueFiles

/// The number of examples of each class.
public struct ClassBalance: Sendable, Equatable {
  public let labels: [String]
  public let counts: [Int]

  /// - Precondition: one count for each label.
  public init(labels: [String], counts: [Int]) {
    precondition(labels.count == counts.count, "ClassBalance: \(labels.count) labels, \(counts.count) counts")
    self.labels = labels
    self.counts = counts
  }

  public var total: Int { counts.reduce(0, +) }

  /// The share of the largest class, in 0…1: the accuracy of always answering it. 0 when there is nothing.
  public var majorityShare: Double { total == 0 ? 0 : Double(counts.max() ?? 0) / Double(total) }

  /// One line a class, such as `negative  4,331 (50.0 %)`, names and counts in columns.
  public var lines: [String] {
    let names = labels.map { PrintedNumber.label($0) }
    let numbers = counts.map { PrintedNumber.grouped($0) }
    let nameWidth = names.map(\.unicodeScalars.count).max() ?? 0
    let numberWidth = numbers.map(\.utf8.count).max() ?? 0
    return counts.indices.map { index in
      PrintedNumber.left(names[index], nameWidth) + "  " + PrintedNumber.right(numbers[index], numberWidth)
        + " (\(PrintedNumber.percent(counts[index], of: total)))"
    }
  }

  /// An array of objects with `label`, `count` and `share`.
  public var json: JSONValue {
    .array(
      counts.indices.map { index in
        .object([
          "label": .string(labels[index]), "count": .number(counts[index]),
          "share": .number(total == 0 ? 0 : Double(counts[index]) / Double(total)),
        ])
      })
  }
}
