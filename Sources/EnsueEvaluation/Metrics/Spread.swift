// What several runs that differ only in their seed say together.

/// The mean and scatter of a figure over repeated runs.
public struct Spread: Sendable, Equatable, CustomStringConvertible {
  /// The number of values.
  public let count: Int
  /// The arithmetic mean.
  public let mean: Double
  /// The sample standard deviation, `√(Σ (x − mean)² / (count − 1))`; `nil` for a single value.
  public let standardDeviation: Double?
  /// The smallest value; `NaN` when any value is.
  public let minimum: Double
  /// The largest value; `NaN` when any value is.
  public let maximum: Double

  /// `nil` when there are no values.
  public init?(_ values: [Double]) {
    guard let first = values.first else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.count = values.count
    self.mean = mean
    standardDeviation = values.count < 2 ? nil : (squares / Double(values.count - 1)).squareRoot()
    let hasNaN = values.contains { $0.isNaN }
    minimum = hasNaN ? .nan : values.reduce(first) { Swift.min($0, $1) }
    maximum = hasNaN ? .nan : values.reduce(first) { Swift.max($0, $1) }
  }

  private init(count: Int, mean: Double, standardDeviation: Double?, minimum: Double, maximum: Double) {
    self.count = count
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.minimum = minimum
    self.maximum = maximum
  }

  /// The same spread in another unit, for example per cent: every figure times `factor`, which is positive.
  public func scaled(by factor: Double) -> Spread {
    precondition(factor > 0, "a spread is scaled by a positive factor, found \(factor)")
    return Spread(
      count: count, mean: mean * factor, standardDeviation: standardDeviation.map { $0 * factor },
      minimum: minimum * factor, maximum: maximum * factor)
  }

  /// `77.1 ± 0.6` with the given number of decimal places; the mean alone for a single value.
  public func text(places: Int) -> String {
    let center = DecimalText.fixed(mean, places: places)
    guard let standardDeviation else { return center }
    return "\(center) ± \(DecimalText.fixed(standardDeviation, places: places))"
  }

  /// `77.1 ± 0.6`: as many places as the deviation's first digit needs, at most six.
  public var description: String {
    let deviation = standardDeviation ?? 0
    let known = deviation > 0 && deviation.isFinite
    let places = known ? -DecimalText.exponent(of: deviation) : 2 - DecimalText.exponent(of: mean)
    return text(places: Swift.min(Swift.max(places, 0), 6))
  }
}
