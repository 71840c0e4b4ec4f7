// Which column: by the name in the header, or by number.

import EnsueFiles

/// A column of a table, named or numbered from 1.
public enum ColumnSelector: Sendable, Equatable, CustomStringConvertible {
  case name(String)
  /// From 1.
  case number(Int)

  /// Digits are a number, anything else a name.
  /// - Throws: `Failure` of kind `usage` for nothing, for 0 and for numbers beyond 1,000,000.
  public init(_ text: String) throws {
    guard !text.isEmpty else { throw Failure(.usage, "a column's name or number expected, found nothing") }
    guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
      self = .name(text)
      return
    }
    guard let number = Int(text), 1...1_000_000 ~= number else {
      throw Failure(
        .usage, "a column number from 1 on expected, found \(Failure.shown(text))",
        advice: "The first column is 1.")
    }
    self = .number(number)
  }

  /// What it was parsed from.
  public var description: String {
    switch self {
    case .name(let name): name
    case .number(let number): String(number)
    }
  }
}
