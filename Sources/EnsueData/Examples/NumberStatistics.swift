// How labels that are numbers spread.

import EnsueFiles

/// Extremes, mean and standard deviation of numbers, of which there may be none.
public struct NumberStatistics: Sendable, Equatable {
  public let count: Int
  public let minimum: Double
  public let maximum: Double
  public let mean: Double
  /// √(Σ (x − mean)² / count).
  public let standardDeviation: Double

  public init(_ numbers: [Double]) {
    let (count, divisor) = (numbers.count, Double(max(1, numbers.count)))
    let mean = numbers.reduce(0, +) / divisor
    (minimum, maximum) = (numbers.min() ?? 0, numbers.max() ?? 0)
    standardDeviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / divisor).squareRoot()
    (self.count, self.mean) = (count, mean)
  }

  /// `numbers from 0.0 to 5.0, mean 2.532, standard deviation 1.201`.
  public var line: String {
    func shown(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
    return "numbers from \(shown(minimum)) to \(shown(maximum)), mean \(shown(mean)),"
      + " standard deviation \(shown(standardDeviation))"
  }

  /// An object with every statistic.
  public var json: JSONValue {
    .object([
      "count": .number(count), "minimum": .number(minimum), "maximum": .number(maximum), "mean": .number(mean),
      "standardDeviation": .number(standardDeviation),
    ])
  }
}
