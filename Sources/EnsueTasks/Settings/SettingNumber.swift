// The types a number in a configuration may have: `Double`, `Float`, and these or nothing.

import EnsueFiles

/// A type of number that a setting can hold.
public protocol SettingNumber: Sendable {
  /// Whether null is a value.
  static var isOptional: Bool { get }
  /// The number, exact in text.
  var settingValue: JSONValue { get }
  /// The number nearest to the text of `settingValue`; nil when it is no number or outside of the type.
  init?(settingValue: JSONValue)
}

extension Double: SettingNumber {
  public static var isOptional: Bool { false }
  public var settingValue: JSONValue { .number(self) }
  public init?(settingValue: JSONValue) {
    guard let value = settingValue.doubleValue else { return nil }
    self = value
  }
}

extension Float: SettingNumber {
  public static var isOptional: Bool { false }
  /// The shortest text that gives the same `Float`, which is shorter than the `Double`'s: 0.1, not 0.10000000149.
  public var settingValue: JSONValue {
    guard isFinite, Int(exactly: self) == nil else { return .number(Double(self)) }
    return .number("\(self)")
  }
  public init?(settingValue: JSONValue) {
    guard case .number(let text) = settingValue, let value = Float(text), value.isFinite else { return nil }
    // Text too small for the type becomes zero, which the bounds that were checked may exclude.
    if value.isZero, settingValue.doubleValue?.isZero != true { return nil }
    self = value
  }
}

extension Optional: SettingNumber where Wrapped: SettingNumber {
  public static var isOptional: Bool { true }
  public var settingValue: JSONValue { self?.settingValue ?? .null }
  public init?(settingValue: JSONValue) {
    if settingValue == .null {
      self = .none
    } else if let value = Wrapped(settingValue: settingValue) {
      self = .some(value)
    } else {
      return nil
    }
  }
}
