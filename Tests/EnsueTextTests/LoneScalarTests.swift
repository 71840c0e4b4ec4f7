import Testing

import EnsueText

@Suite struct LoneScalarTests {
  /// Beside itself, a letter, a kana and a Hangul syllable, as the standard library counts.
  @Test func standAlone() {
    let neighbours: [Unicode.Scalar] = ["x", "あ", "한"]
    var count = 0
    for scalar in (0..<UInt32(0x10000)).compactMap(Unicode.Scalar.init) where LoneScalars.shared.contain(scalar.value) {
      count += 1
      for other in neighbours + [scalar] {
        for pair in [[scalar, other], [other, scalar]] {
          var text = ""
          text.unicodeScalars.append(contentsOf: pair)
          #expect(text.count == 2, "U+\(String(scalar.value, radix: 16)) joins \(other)")
        }
      }
    }
    #expect(count > 40_000)
  }

  @Test(
    arguments: [
      "\u{0D}", "\u{0A}", "\u{AD}", "\u{301}", "\u{3099}", "\u{FF9E}", "\u{200D}", "\u{1100}", "\u{0E33}", "👍",
    ])
  func joins(_ text: String) {
    #expect(text.unicodeScalars.allSatisfy { !LoneScalars.shared.contain($0.value) })
  }
}
