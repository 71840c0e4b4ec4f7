// No text makes a pipeline slow: a megabyte of one character takes less than a second.

import EnsueFiles
import EnsueText
import Glibc
import Testing

struct SubwordSpeedTests {
  /// What a megabyte is made of.
  static let units = [
    "a", " ", "\n", "'", ".", "1", "A", "\u{e9}", "\u{301}", "\u{4e2d}", "\u{1F600}", "\u{2581}", "\0",
  ]

  /// Seconds of this thread's own, whatever other tests hold the processor; the least of three tries, where the first
  /// took long.
  private static func seconds(_ tokenizer: SubwordTokenizer, _ bytes: [UInt8]) -> Double {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    var least = Double.infinity
    for _ in 0..<3 where least >= 1 {
      let start = now()
      _ = tokenizer.encode(utf8: bytes)
      least = min(least, now() - start)
    }
    return least
  }

  @Test(.timeLimit(.minutes(5)), arguments: SubwordGoldens.names("small"))
  func oneMegabyteOfOneCharacter(_ name: String) throws {
    let tokenizer = try SubwordGoldens.small(name)
    for unit in SubwordSpeedTests.units {
      let bytes = Array(String(repeating: unit, count: 1_000_000 / unit.utf8.count).utf8)
      let seconds = SubwordSpeedTests.seconds(tokenizer, bytes)
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
      let seconds = SubwordSpeedTests.seconds(tokenizer, bytes)
      #expect(seconds < 1, "\(Failure.shown(unit))")
    }
  }
}
