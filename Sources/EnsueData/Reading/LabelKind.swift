// What the labels of a file mean.

/// Whether labels are names of classes or numbers.
public enum LabelKind: String, Codable, CaseIterable, Sendable {
  case category
  case number

  public var summary: String {
    switch self {
    case .category: "names of classes"
    case .number: "numbers to be predicted"
    }
  }

  /// Numbers further from zero are refused: their squares lose everything that a model of 32 bits could tell apart.
  static let largestNumber = 1e9

  /// The number that a label is; nil for what is none: `nan`, `inf`, hexadecimal digits, and what is too large.
  static func number(_ label: [UInt8]) -> Double? {
    let isDecimal = label.allSatisfy { byte in
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "+-.eE".utf8.contains(byte)
    }
    guard isDecimal, let value = Double(String(decoding: label, as: UTF8.self)), abs(value) <= largestNumber else {
      return nil
    }
    return value
  }
}
