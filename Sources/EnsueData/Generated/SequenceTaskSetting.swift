// Bounds of the generated tasks' settings.

import EnsueFiles

enum SequenceTaskSetting {
  /// The longest generated sequence, of the order of the longest anyone has trained on.
  static let longest = 100_000

  /// - Throws: `Failure` of kind `configuration` when `value` lies outside `range`.
  static func check(_ value: Int, in range: ClosedRange<Int>, _ place: String, advice: String = "") throws {
    guard range.contains(value) else {
      throw Failure(
        .configuration, at: place,
        "a number from \(range.lowerBound) to \(range.upperBound) expected, found \(value)", advice: advice)
    }
  }

  /// - Throws: `Failure` of kind `configuration` when `value` lies outside `range` or is not a number.
  static func check(_ value: Double, in range: ClosedRange<Double>, _ place: String) throws {
    guard range.contains(value) else {
      throw Failure(
        .configuration, at: place,
        "a number from \(range.lowerBound) to \(range.upperBound) expected, found \(value)")
    }
  }
}
