// Where the numbers of an axis go: domain, ticks, labels.

import EnsueEvaluation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One axis of a chart: a domain with ticks at 1, 2 or 5 times a power of ten.
struct Axis {
  let lower: Double
  let upper: Double
  let ticks: [Double]
  let labels: [String]

  /// Values beyond this are drawn at it, so that differences of values stay finite.
  static let largest = 1e300

  /// - Parameters:
  ///   - values: the finite values to show.
  ///   - count: the number of tick intervals aimed at.
  ///   - reachesTicks: whether the domain grows to whole tick intervals, so that the axis ends at labels.
  ///   - includesZero: whether the domain must contain zero, as for bars.
  init(
    _ values: some Sequence<Double>, format: AxisFormat, count: Int, reachesTicks: Bool, includesZero: Bool = false
  ) {
    var lower = Double.infinity
    var upper = -Double.infinity
    for value in values where value.isFinite {
      lower = min(lower, value)
      upper = max(upper, value)
    }
    if lower > upper { (lower, upper) = (0, 1) }
    lower = max(lower, -Axis.largest)
    upper = min(upper, Axis.largest)
    if includesZero { (lower, upper) = (min(lower, 0), max(upper, 0)) }
    let isShare = format == .percent && lower >= 0 && upper <= 1
    (lower, upper) = Axis.widened(lower, upper, format)
    if isShare { (lower, upper) = (max(lower, 0), min(upper, 1)) }

    if format == .logarithm, let ticks = Axis.logarithmicTicks(lower, upper, count: count) {
      (self.lower, self.upper, self.ticks) = (lower, upper, ticks)
      labels = format.labels(ticks, step: 1)
      return
    }
    let step = Axis.step((upper - lower) / Double(max(count, 1)), whole: format == .wholeNumber || format == .logarithm)
    let first = (lower / step + (reachesTicks ? 1e-9 : -1e-9)).rounded(reachesTicks ? .down : .up)
    let last = (upper / step + (reachesTicks ? -1e-9 : 1e-9)).rounded(reachesTicks ? .up : .down)
    // The step came from the domain, so there are a handful; the bound holds whatever rounding did.
    let ticks = (0...50).map { (first + Double($0)) * step }.prefix { $0 <= (last + 0.5) * step }
    self.ticks = Array(ticks)
    self.lower = reachesTicks ? min(lower, first * step) : lower
    self.upper = reachesTicks ? max(upper, last * step) : upper
    labels = format.labels(self.ticks, step: step)
  }

  /// The place of `value` between `start` (the lower end) and `end`.
  func position(_ value: Double, from start: Double, to end: Double) -> Double {
    let bounded = min(max(value, lower), upper)
    return start + (bounded - lower) / (upper - lower) * (end - start)
  }

  /// A domain of some width where the values are (nearly) all the same.
  private static func widened(_ lower: Double, _ upper: Double, _ format: AxisFormat) -> (Double, Double) {
    let size = max(abs(lower), abs(upper))
    guard upper - lower <= max(size * 1e-7, 1e-290) else { return (lower, upper) }
    let padding: Double =
      switch format {
      case .wholeNumber: max(0.5, size * 1e-6)
      case .percent: 0.05
      case .number: size < 1e-290 ? 1 : size * 0.05
      case .logarithm: max(0.05, size * 1e-6)
      }
    return (lower - padding, upper + padding)
  }

  /// Ticks at powers of ten, or at some numbers between where that gives too few; nil for more decades than there is
  /// room for.
  private static func logarithmicTicks(_ lower: Double, _ upper: Double, count: Int) -> [Double]? {
    guard upper - lower < Double(max(count, 1)) + 1, abs(lower) < 12, abs(upper) < 12 else { return nil }
    let choices: [[Double]] = [
      [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.2, 2.4, 2.6, 2.8, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 9],
      [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4, 5, 6, 8], [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1],
    ]
    let ticks = choices.map { mantissas in
      (Int(lower.rounded(.down))...Int(upper.rounded(.up))).flatMap { power in
        mantissas.map { log10($0) + Double(power) }
      }.filter { $0 >= lower - 1e-9 && $0 <= upper + 1e-9 }
    }
    // The finest that still has room.
    return ticks.first { $0.count <= count + 2 } ?? ticks.last
  }

  /// The power of ten times 1, 2, 5 or 10 that is nearest to `raw`; at least 1 for whole numbers.
  private static func step(_ raw: Double, whole: Bool) -> Double {
    if whole && raw <= 1 { return 1 }
    let power = Format.power(DecimalText.exponent(of: raw))
    let mantissa = raw / power
    return power * (mantissa < 1.5 ? 1 : mantissa < 3 ? 2 : mantissa < 7 ? 5 : 10)
  }
}
