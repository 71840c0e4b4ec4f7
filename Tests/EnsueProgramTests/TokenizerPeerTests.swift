// Trained tokenizers, opened by the library whose format they have.

import EnsueTestSupport
import EnsueText
import Foundation
import Testing

/// Python with tokenizers: `ENSUE_PEER_PYTHON`, else `python3`; nil where it is not installed.
private let peerPython: String? = {
  let python = ProcessInfo.processInfo.environment["ENSUE_PEER_PYTHON"] ?? "python3"
  let found = try? Program.other([python, "-c", "import tokenizers"], in: NSTemporaryDirectory())
  return found?.code == 0 ? python : nil
}()

@Suite struct TokenizerPeerTests {
  /// A text a line: known words and unknown ones, accents in one character and in two, other scripts, spaces of every
  /// kind and number, signs, special tokens as somebody may write them, a word that is too long for word pieces.
  static let texts = [
    "the cat sat on the mat", "The Cat SAT, on the mat!", "a king may look at a cat", "catmat kingsat theking", "don't",
    "naïve café", "nai\u{308}ve cafe\u{301}", "猫 😀", "猫の 👩‍👩‍👧 日本語", "Straße und Öl", "", " ", "  the   cat  ",
    "the\tcat\u{A0}sat\u{3000}on", "1234 5,678.90 %", "<unk> [CLS] <s>the</s> [UNK]", "...--- ,,,;; (a)[b]{c}",
    "Ελληνικά слова עברית", "x\u{200B}y ﬁ ② ½", String(repeating: "cat", count: 60),
  ]

  @Test(
    .enabled(if: peerPython != nil, "no Python with tokenizers: set ENSUE_PEER_PYTHON"),
    arguments: SubwordTrainerKind.allCases, ["", " --lowercase"])
  func theReferenceOpensWhatWasTrained(_ kind: SubwordTrainerKind, _ option: String) throws {
    try Sandbox.with { sandbox in
      try sandbox.write(String(repeating: TokenizeTests.text + "\n", count: 3), "text.txt")
      let trained = try Program.run(
        "tokenize train text.txt --kind \(kind.rawValue) --size 330\(option) --quiet --out tokenizer.json",
        in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      try sandbox.write(Self.texts.map { $0 + "\n" }.joined(), "texts.txt")
      let python = try #require(peerPython)
      let script = "'\(python)' '\(TestFiles.golden("tokenizer-peer.py"))'"
      for special in ["", " --special"] {
        let found = try Program.run("tokenize encode tokenizer.json texts.txt\(special)", in: sandbox.path)
        let peer = try Program.shell("\(script) tokenizer.json\(special) < texts.txt", in: sandbox.path)
        try #require(found.code == 0 && peer.code == 0, "\(found)\n\(peer)")
        #expect(found.outputLines.count == 20 && peer.outputLines.count == 20)
        for (index, (ours, theirs)) in zip(found.outputLines, peer.outputLines).enumerated() {
          #expect(ours == theirs, "\(Self.texts[index])")
        }
      }
    }
  }
}
