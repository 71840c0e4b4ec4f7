// What predicted numbers say of true ones: the mean square of the error; Pearson, "Regression, heredity, and panmixia", 1896;
// Spearman, "The proof and measurement of association between two things", 1904. As scipy.stats has them: see
// Tests/Goldens/regression-metrics.py.

/// The measures of a regression.
///
/// A correlation is not defined where either side is constant, for fewer than two examples, and where a number is not finite.
public struct RegressionMetrics: Sendable, Equatable {
  public let count: Int
  /// Σ (prediction − truth)² / count; 0 over no examples.
  public let meanSquaredError: Double
  /// The correlation of the numbers, from -1 to 1.
  public let pearson: Double?
  /// The correlation of their ranks, from -1 to 1; equal numbers have the mean of their ranks.
  public let spearman: Double?

  /// - Precondition: as many predictions as truths.
  public init(truths: [Double], predictions: [Double]) {
    precondition(truths.count == predictions.count, "\(truths.count) truths, \(predictions.count) predictions")
    count = truths.count
    let squares = zip(truths, predictions).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
    meanSquaredError = squares / Double(max(1, count))
    pearson = RegressionMetrics.correlation(truths, predictions)
    let areFinite = (truths + predictions).allSatisfy { $0.isFinite }
    spearman =
      areFinite
      ? RegressionMetrics.correlation(RegressionMetrics.ranks(truths), RegressionMetrics.ranks(predictions)) : nil
  }

  /// The figures as a run log keeps them.
  public var summary: EvaluationSummary {
    EvaluationSummary(meanSquaredError: meanSquaredError, pearson: pearson, spearman: spearman, count: count)
  }

  /// Σ x y / √(Σ x² Σ y²) of the deviations from the means.
  private static func correlation(_ left: [Double], _ right: [Double]) -> Double? {
    guard let x = unit(left), let y = unit(right) else { return nil }
    let value = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    return value.isFinite ? min(1, max(-1, value)) : nil
  }

  /// The deviations from the mean, divided by their norm; nil for a constant.
  private static func unit(_ values: [Double]) -> [Double]? {
    // The mean of equal numbers may be off by a rounding, so that their deviations are not zero.
    guard let first = values.first, values.contains(where: { $0 != first }) else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let norm = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
    return norm > 0 && norm.isFinite ? values.map { ($0 - mean) / norm } : nil
  }

  /// From 1; equal numbers have the mean of their ranks.
  private static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }
}
