// Characters as ids and back.

import EnsueText
import Testing

@Suite struct CharacterAlphabetTests {
  @Test func sortedFromOne() {
    let alphabet = CharacterAlphabet("banana\n日".unicodeScalars)
    #expect(alphabet.scalars == ["\n", "a", "b", "n", "日"])
    #expect(alphabet.idCount == 6)
    #expect(alphabet.encode("ban\n日z") == [3, 2, 4, 1, 5, CharacterAlphabet.unknownID])
    #expect(alphabet == CharacterAlphabet(values: [0x65E5, 0x6E, 0x62, 0x61, 0x0A]))
  }

  @Test func thereAndBack() {
    let text = "e\u{301} naïve 🎬\u{10FFFF}\u{0}"
    let alphabet = CharacterAlphabet(text.unicodeScalars)
    let scalars = alphabet.encode(text).map { alphabet.scalar(of: $0) }
    #expect(scalars == text.unicodeScalars.map { $0 })
  }

  @Test func whatIsNoCharacter() {
    let alphabet = CharacterAlphabet("ab".unicodeScalars)
    for id: Int32 in [-1, 0, 3, .max, .min] { #expect(alphabet.scalar(of: id) == nil) }
    #expect(alphabet.id(of: 0x60) == 0 && alphabet.id(of: 0x63) == 0 && alphabet.id(of: .max) == 0)
    #expect(CharacterAlphabet([]).idCount == 1)
  }
}
