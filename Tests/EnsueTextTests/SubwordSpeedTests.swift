// No text makes a pipeline slow: a megabyte of one character takes less than a second.

import EnsueFiles
import EnsueTestSupport
import EnsueText
import Testing

struct SubwordSpeedTests {
  /// What a megabyte is made of.
  static let units = [
    "a", " ", "\n", "'", ".", "1", "A", "\u{e9}", "\u{301}", "\u{4e2d}", "\u{1F600}", "\u{2581}", "\0",
  ]

  @Test(.timeLimit(.minutes(5)), arguments: SubwordGoldens.names("small"))
  func oneMegabyteOfOneCharacter(_ name: String) throws {
    let tokenizer = try SubwordGoldens.small(name)
    for unit in SubwordSpeedTests.units {
      let bytes = Array(String(repeating: unit, count: 1_000_000 / unit.utf8.count).utf8)
      let seconds = threadSeconds(until: 1) { _ = tokenizer.encode(utf8: bytes) }
      #expect(seconds < 1, "\(Failure.shown(unit))")
    }
  }

  @Test(
    .timeLimit(.minutes(5)),
    .enabled(if: SubwordGoldens.hasRealFiles, "no tokenizers in the data folder (ENSUE_DATA)"),
    arguments: SubwordGoldens.names("real"))
  func oneMegabyteOfOneCharacterWithRealVocabularies(_ name: String) throws {
    let tokenizer = try SubwordGoldens.real(name)
    for unit in SubwordSpeedTests.units {
      let bytes = Array(String(repeating: unit, count: 1_000_000 / unit.utf8.count).utf8)
      let seconds = threadSeconds(until: 1) { _ = tokenizer.encode(utf8: bytes) }
      #expect(seconds < 1, "\(Failure.shown(unit))")
    }
  }
}
