// What a kind of generated text is: how samples are drawn, and how they are judged.

/// The rules of a kind of text.
///
/// Drawing and judging are written apart, so that a mistake in one is seen by the other. Every sample drawn is valid;
/// a valid one need not be one that would be drawn.
protocol TextGrammar {
  /// Every character of the samples, in the order of their codes; all are ASCII.
  static var characters: String { get }

  /// A sample without its ending.
  static func sample(_ random: inout SplitMix64) -> String

  /// Whether a sample keeps the rules. Takes time in proportion to the text, whatever it is.
  static func isValid(_ sample: [UInt8]) -> Bool
}

extension UInt8 {
  var isLowercaseLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self }
  var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}

extension SplitMix64 {
  /// A word of lower-case letters.
  mutating func letters(_ counts: ClosedRange<Int>) -> String {
    let count = counts.lowerBound + below(counts.count)
    return String(decoding: (0..<count).map { _ in UInt8(ascii: "a") + UInt8(below(26)) }, as: UTF8.self)
  }
}
