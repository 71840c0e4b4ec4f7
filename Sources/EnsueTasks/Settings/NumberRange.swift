// The bounds of a number in a configuration: each end included, excluded or absent.

import EnsueFiles

/// An interval of finite numbers, with open or closed ends.
public struct NumberRange: Sendable, Equatable, CustomStringConvertible {
  /// The lower end; `-infinity` when there is none.
  public let lower: Double
  public let lowerIsIncluded: Bool
  /// The upper end; `infinity` when there is none.
  public let upper: Double
  public let upperIsIncluded: Bool

  private init(_ lower: Double, _ lowerIsIncluded: Bool, _ upper: Double, _ upperIsIncluded: Bool) {
    precondition(lower < upper || lower == upper && lowerIsIncluded && upperIsIncluded, "the range holds no number")
    self.lower = lower
    self.lowerIsIncluded = lowerIsIncluded
    self.upper = upper
    self.upperIsIncluded = upperIsIncluded
  }

  /// `range`, both ends included.
  public init(_ range: ClosedRange<Double>) { self.init(range.lowerBound, true, range.upperBound, true) }

  /// `range`, the upper end excluded.
  public init(_ range: Range<Double>) { self.init(range.lowerBound, true, range.upperBound, false) }

  /// Every finite number.
  public static var all: NumberRange { NumberRange(-.infinity, true, .infinity, true) }

  /// x ≥ `lower`.
  public static func atLeast(_ lower: Double) -> NumberRange { NumberRange(lower, true, .infinity, true) }

  /// `lower` < x ≤ `upper`.
  public static func above(_ lower: Double, through upper: Double = .infinity) -> NumberRange {
    NumberRange(lower, false, upper, true)
  }

  /// `lower` < x < `upper`.
  public static func above(_ lower: Double, below upper: Double) -> NumberRange {
    NumberRange(lower, false, upper, false)
  }

  /// Whether `value` is finite and inside.
  public func contains(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    return (lowerIsIncluded ? value >= lower : value > lower) && (upperIsIncluded ? value <= upper : value < upper)
  }

  /// The bounds in words: `from 0 to 1`, `at least 0 and below 1`, `above 0`; empty when there are none.
  public var description: String {
    if lower.isFinite, upper.isFinite, lowerIsIncluded, upperIsIncluded {
      return "from \(NumberRange.shown(lower)) to \(NumberRange.shown(upper))"
    }
    var ends: [String] = []
    if lower.isFinite { ends.append("\(lowerIsIncluded ? "at least" : "above") \(NumberRange.shown(lower))") }
    if upper.isFinite { ends.append("\(upperIsIncluded ? "at most" : "below") \(NumberRange.shown(upper))") }
    return ends.joined(separator: " and ")
  }

  private static func shown(_ value: Double) -> String { JSONValue.number(value).description }
}
