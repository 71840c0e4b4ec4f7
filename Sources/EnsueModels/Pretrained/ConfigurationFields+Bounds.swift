// The members of a config.json within their bounds, or with what they mean when they are absent.

import EnsueFiles

extension ConfigurationFields {
  /// - Parameter fallback: where there is no such member, or null; nil where there has to be one.
  func size(
    _ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil
  ) throws(Failure) -> Int {
    if value(key) == nil, let fallback { return fallback }
    guard let size = value(key)?.integerValue, range.contains(size) else {
      throw failure(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return size
  }

  /// A number above a bound.
  func number(_ key: String, above bound: Double = 0, default fallback: Double) throws(Failure) -> Double {
    guard let value = value(key) else { return fallback }
    guard let number = value.doubleValue, number > bound else { throw failure(key, "a number above \(bound)") }
    return number
  }

  /// A rate of dropout: from 0 to below 1.
  func rate(_ key: String, default fallback: Double) throws(Failure) -> Double {
    guard let value = value(key) else { return fallback }
    guard let rate = value.doubleValue, (0..<1).contains(rate) else { throw failure(key, "a share from 0 to below 1") }
    return rate
  }

  func flag(_ key: String, default fallback: Bool) throws(Failure) -> Bool {
    guard let value = value(key) else { return fallback }
    guard let flag = value.booleanValue else { throw failure(key, "true or false") }
    return flag
  }

  /// The members of an object; nil for null or nothing.
  func object(_ key: String) throws(Failure) -> ConfigurationFields? {
    guard let value = value(key) else { return nil }
    guard let inner = value.objectValue else { throw failure(key, "an object or null") }
    return ConfigurationFields(inner, path: "\(path), \(key)")
  }
}
