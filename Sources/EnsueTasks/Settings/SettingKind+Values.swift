// Values of a kind, from JSON and from the command line, in one canonical form; and the error when they do not fit.
// Numbers have a grammar of their own: Swift's parser takes `nan`, `inf`, `0x1p3`, and `+1` for a whole number.

import EnsueFiles

extension SettingKind {
  /// `value` in canonical form; nil when it is not of this kind or out of bounds.
  public func value(of value: JSONValue) -> JSONValue? {
    switch self {
    case .integer(let range):
      guard let whole = value.integerValue, range.contains(whole) else { return nil }
      return .number(whole)
    case .number(let range):
      guard let number = value.doubleValue, range.contains(number) else { return nil }
      return .number(number)
    case .flag: return value.booleanValue == nil ? nil : value
    case .text: return value.stringValue == nil ? nil : value
    case .path: return value.stringValue.map(\.utf8.isEmpty) == false ? value : nil
    case .choice(let names):
      guard let text = value.stringValue, SettingKind.contains(names, text) else { return nil }
      return value
    case .list, .paths:
      // What holds several may once have held one.
      if let text = value.stringValue, !text.utf8.isEmpty { return .array([value]) }
      guard let elements = value.arrayValue, elements.allSatisfy({ $0.stringValue != nil }) else { return nil }
      return value
    case .optional(let kind): return value == .null ? .null : kind.value(of: value)
    }
  }

  /// A value from text of the command line, in canonical form; nil when it is not of this kind or out of bounds.
  public func value(ofText text: String) -> JSONValue? {
    switch self {
    case .integer:
      guard SettingKind.isNumber(text, whole: true), let whole = Int(text) else { return nil }
      return value(of: .number(whole))
    case .number:
      guard SettingKind.isNumber(text, whole: false), let number = Double(text), number.isFinite else { return nil }
      return value(of: .number(number))
    case .flag:
      if text.utf8.elementsEqual("true".utf8) { return .boolean(true) }
      return text.utf8.elementsEqual("false".utf8) ? .boolean(false) : nil
    case .text, .path, .choice: return value(of: .string(text))
    case .list, .paths: return SettingKind.list(text).flatMap { value(of: $0) }
    case .optional(let kind): return SettingKind.contains(["none", "null"], text) ? .null : kind.value(ofText: text)
    }
  }

  /// The error for a value that does not fit.
  /// - Parameters:
  ///   - text: the value as text, for the nearest of a choice; nil when it was no text at all.
  ///   - found: the value as it is shown.
  func failure(_ kind: Failure.Kind, at place: String, text: String?, found: String) -> Failure {
    var advice = ""
    if let text, case .choice(let names) = base, let name = Failure.nearest(to: text, among: names) {
      advice = "Perhaps '\(name)' was meant."
    }
    return Failure(kind, at: place, "\(expectation) expected, found \(found)", advice: advice)
  }

  private static func contains(_ names: [String], _ text: String) -> Bool {
    names.contains { $0.utf8.elementsEqual(text.utf8) }
  }

  /// `["a","b"]`, or `a,b`; nothing for empty text.
  private static func list(_ text: String) -> JSONValue? {
    if text.utf8.first == UInt8(ascii: "[") { return try? JSONValue.parse(Array(text.utf8), name: "") }
    if text.utf8.isEmpty { return .array([]) }
    let parts = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    return .array(parts.map { .string(String(decoding: $0, as: UTF8.self)) })
  }

  /// Whether text is `-?digits`, or for a number that need not be whole `[+-]?digits[.digits][e[+-]digits]`, where
  /// the digits before or after the point may be absent.
  private static func isNumber(_ text: String, whole: Bool) -> Bool {
    var rest = Substring(text).utf8
    func digits() -> Int {
      let count = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
      rest = rest.dropFirst(count)
      return count
    }
    func take(_ characters: StaticString) -> Bool {
      let isThere = rest.first.map { characters.withUTF8Buffer($0) } ?? false
      if isThere { rest = rest.dropFirst() }
      return isThere
    }
    _ = take(whole ? "-" : "+-")
    var count = digits()
    if !whole {
      if take(".") { count += digits() }
      if count > 0, take("eE") {
        _ = take("+-")
        count = digits()
      }
    }
    return count > 0 && rest.isEmpty
  }
}

extension StaticString {
  /// Whether one of the characters is `byte`.
  fileprivate func withUTF8Buffer(_ byte: UInt8) -> Bool { withUTF8Buffer { $0.contains(byte) } }
}
