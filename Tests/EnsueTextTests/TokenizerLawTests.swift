// What holds for every tokenizer, on random text and on hard text.

import EnsueTestSupport
import EnsueText
import Testing

@Suite struct TokenizerLawTests {
  /// Pieces that meet the rules of the tokenizers; random strings are made of them.
  static let pieces: [String] = [
    "a", "I", "Z", "n", "s", "t", "x", "D", "T", "o", "0", "1", "3", "8", "9", "no", "Mr", "etc", "cannot", "gonna",
    "ll",
    "d", "ye", "tis", ".", "..", ",", ":", ";", "=", "'", "''", "\u{2019}", "\"", "`", "-", "_", "*", "/", "&", "&amp;",
    "#", "@", "$", "%", "+", "(", ")", "[", "]", "{", "<", ">", "\\", "^", "|", "~", " ", " ", " ", "\n", "\t", "\u{0}",
    "\u{A0}", "\u{200B}", "\u{200D}", "\u{200C}", "\u{AD}", "\u{301}", "\u{FE0F}", "\u{20E3}", "\u{1F600}", "\u{1F3FD}",
    "\u{1F1EC}", "\u{2764}", "\u{E0067}", "\u{E9}", "\u{4F60}", "\u{B7}", "\u{2010}", "\u{2026}", "\u{10FFFF}",
    "\u{FEFF}",
    "http://", "www.", ".com", "@b.co", "\u{130}", "\u{AF}", "\u{30C4}", "\u{85}",
  ]

  static func randomText(_ random: inout SeededGenerator) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...14, using: &random) {
      text.unicodeScalars.append(contentsOf: (pieces.randomElement(using: &random) ?? "").unicodeScalars)
    }
    return text
  }

  /// Whether a tokenizer may drop a scalar.
  static func isSeparator(_ scalar: Unicode.Scalar, _ kind: TokenizerKind) -> Bool {
    switch kind {
    case .whitespace: [0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D].contains(scalar.value)
    case .words:
      scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
        || [0x200B, 0xFEFF].contains(scalar.value)
    }
  }

  @Test(arguments: TokenizerKind.allCases)
  func keepsEveryByteAndIsStable(_ kind: TokenizerKind) {
    let tokenizer = kind.makeTokenizer(lowercase: false)
    var random = SeededGenerator(seed: 7)
    for _ in 0..<100_000 {
      let source = TokenizerLawTests.randomText(&random)
      let tokens = tokenizer.tokens(in: source)
      var kept = ""
      kept.unicodeScalars.append(
        contentsOf: source.unicodeScalars.filter { !TokenizerLawTests.isSeparator($0, kind) })
      guard tokens.flatMap({ $0 }) == Array(kept.utf8), !tokens.contains([]) else {
        Issue.record("bytes changed in \(source.debugDescription): \(tokens.map(text))")
        return
      }
      let joined = tokens.map(text).joined(separator: " ")
      guard tokenizer.tokens(in: joined) == tokens else {
        Issue.record("\(source.debugDescription): \(tokens.map(text)), again \(tokenizer.tokens(in: joined).map(text))")
        return
      }
    }
  }

  @Test(arguments: TokenizerKind.allCases)
  func lowercasingIsStable(_ kind: TokenizerKind) {
    let tokenizer = kind.makeTokenizer(lowercase: true)
    var random = SeededGenerator(seed: 8)
    for _ in 0..<10_000 {
      for token in tokenizer.tokens(in: TokenizerLawTests.randomText(&random)) {
        guard !token.isEmpty, String(validating: token, as: UTF8.self) != nil else {
          Issue.record("\(token)")
          return
        }
      }
    }
  }

  @Test(arguments: TokenizerKind.allCases)
  func everyScalarAlone(_ kind: TokenizerKind) {
    let tokenizer = kind.makeTokenizer(lowercase: false)
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let tokens = tokenizer.tokens(in: String(scalar))
      guard tokens.count <= 1, tokens.first.map({ $0 == Array(String(scalar).utf8) }) ?? true else {
        Issue.record("U+\(String(value, radix: 16)): \(tokens)")
        return
      }
    }
  }

  /// A megabyte of one thing takes less than a second, however the rules look ahead.
  @Test(arguments: [
    "a", " ", ".", "'", "-", "(", "1", "_", ":", "^", "a_", "a+", "&a", "#1", "\u{301}", "\u{1F468}\u{200D}",
    "\u{1F1EC}",
    "http://a)", "www.", "a'", "'s", "\u{E9}", "\u{4F60}", "a*", "1,", "a@", "a.", "<3", ">:", "x\u{301} ", ":'", "-.",
    "b@c.",
    "\\", "8-", "(:", "&#", "don't ",
  ])
  func linearTime(_ unit: String) {
    for kind in TokenizerKind.allCases {
      let tokenizer = kind.makeTokenizer(lowercase: true)
      let source = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
      let seconds = threadSeconds(until: 1) {
        #expect(tokenizer.tokens(in: source).reduce(0) { $0 + $1.count } <= 1_000_000)
      }
      #expect(seconds < 1, "\(kind)")
    }
  }

  @Test func kindsHaveNamesAndSummaries() {
    #expect(TokenizerKind.allCases.map(\.rawValue) == ["whitespace", "words"])
    for kind in TokenizerKind.allCases { #expect(!kind.summary.isEmpty && !kind.summary.contains("\n")) }
  }
}
