// A matrix of numbers with names, to be shown by shade.

/// Numbers with a name for each row and column.
public struct WeightMap: Sendable, Equatable {
  public let title: String
  public let rowLabels: [String]
  public let columnLabels: [String]
  /// For each row one number for each column.
  public let values: [[Double]]

  /// - Precondition: `values` has a row for each row label and a column for each column label.
  public init(title: String, rowLabels: [String], columnLabels: [String], values: [[Double]]) {
    precondition(
      values.count == rowLabels.count && values.allSatisfy { $0.count == columnLabels.count },
      "a weight map of \(rowLabels.count) rows and \(columnLabels.count) columns has other values")
    (self.title, self.rowLabels, self.columnLabels, self.values) = (title, rowLabels, columnLabels, values)
  }

  /// The largest magnitude of finite numbers: the full shade.
  public var largest: Double {
    values.joined().reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  }

  /// The share of the full shade that a number gets; 0 for what is not finite.
  static func shade(_ value: Double, of largest: Double) -> Double {
    value.isFinite && largest > 0 ? min(1, abs(value) / largest) : 0
  }
}
