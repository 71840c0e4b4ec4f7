// What normalisers replace and pre-tokenisers split at: a string, or one of the regular expressions that tokenizer
// files hold, each as a scanner by hand. There is no engine for regular expressions here, so no text can make one
// blow up.

import EnsueFiles

/// A pattern of a tokenizer.json.
public enum TextPattern: Sendable, Equatable {
  case literal(String)
  case regularExpression(KnownExpression)

  init(json: JSONValue, at place: String) throws {
    var reader = try ComponentReader(json, at: place)
    if reader.has("String") {
      let text = try reader.string("String")
      guard !text.isEmpty else { throw reader.failure("a pattern expected, found an empty string") }
      self = .literal(text)
    } else {
      let text = try reader.string("Regex")
      guard let expression = KnownExpression(rawValue: text) else {
        throw reader.failure(
          "a regular expression that Ensue has a scanner for expected, found \(Failure.shown(text))",
          advice: "Documentation/Tokenizers.md lists them.")
      }
      self = .regularExpression(expression)
    }
    try reader.end()
  }

  var json: JSONValue {
    switch self {
    case .literal(let text): .object(["String": .string(text)])
    case .regularExpression(let expression): .object(["Regex": .string(expression.rawValue)])
    }
  }

  /// Calls `body` for each match in `range`, from left to right, not overlapping; linear in the length.
  func forEachMatch(in text: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    switch self {
    case .literal(let literal): TextPattern.forEach(Array(literal.utf8), in: text, range, body)
    case .regularExpression(let expression): expression.forEachMatch(in: text, range, body)
    }
  }

  private static func forEach(
    _ literal: [UInt8], in text: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void
  ) {
    var position = range.lowerBound
    while position + literal.count <= range.upperBound {
      var length = 0
      while length < literal.count, text[position + length] == literal[length] { length += 1 }
      if length == literal.count {
        body(position..<position + length)
        position += length
      } else {
        position += 1
      }
    }
  }
}
