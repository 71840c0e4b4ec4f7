// What training a character model, and writing with it, refuse.

import EnsueFiles
import Foundation
import Testing

extension BadCase {
  private static let characters = "train characters --data text.txt --quiet --out out"

  private static func text(
    _ name: String, _ bytes: [UInt8], _ code: Int32, _ words: String..., line: String = characters
  ) -> BadCase {
    BadCase(name, line: line, code, words) { try $0.write(bytes, "text.txt") }
  }

  private static func option(_ name: String, _ options: String, _ code: Int32, _ words: String...) -> BadCase {
    BadCase(name, line: "\(characters) \(options)", code, words) { sandbox in
      try sandbox.write(String(repeating: "a long enough text. ", count: 100), "text.txt")
      try sandbox.write("日本語日本語", "foreign.txt")
      try sandbox.write("a", "one.txt")
    }
  }

  static let characterTexts: [BadCase] = [
    BadCase("no text named", "train characters --quiet --out out", 64, "a text file expected", "--data"),
    BadCase("text missing", characters, 66, "text.txt"),
    BadCase("text is a folder", "train characters --data . --out out", 66, "a file expected, found a directory"),
    text("empty text", [], 65, "text.txt", "an empty file"),
    text("text of one character", [0x61], 65, "at least 51 characters", "in 50 streams", "found 1", "--batch"),
    text(
      "text too short for its streams", [UInt8](repeating: 0x61, count: 55), 65, "at least 51 characters", "found 49"),
    text("text that is no UTF-8", Array("caf".utf8) + [0xE9, 0x0A], 65, "text.txt:1", "0xE9", "--encoding latin1"),
    text("text with a NUL byte", Array("ab\n".utf8) + [0], 65, "text.txt:2", "NUL"),
    text("text in UTF-16", [0xFF, 0xFE, 0x61, 0x00], 65, "UTF-16"),
    text("compressed text", [0x1F, 0x8B, 8, 0], 65, "compressed"),
    option("validation text missing", "--validation gone.txt", 66, "gone.txt"),
    option(
      "validation text of one character", "--validation one.txt", 65, "one.txt", "at least 2 characters", "found 1"),
    option("validation text in other letters", "--validation foreign.txt", 65, "foreign.txt", "found 6 others"),
    option("test text in other letters", "--test foreign.txt", 65, "foreign.txt", "test text"),
    option("too small a validation part", "--validation-fraction 0.0001", 65, "at least 2 characters", "found 1"),
    option("validation fraction 0", "--validation-fraction 0", 64, "above 0"),
    option("validation fraction 1", "--validation-fraction 1", 64, "below 1"),
    option("no steps", "--steps 0", 64, "--steps", "from 1 to"),
    option("no streams", "--batch 0", 64, "--batch"),
    option("unknown cell", "--cell lstn", 64, "'lstn'", "Perhaps 'lstm' was meant."),
    option("cell file missing", "--cell-file gone.cell", 66, "gone.cell"),
    option("learning rate 0", "--learning-rate 0", 64, "above 0"),
    option("leak 0", "--leak 0", 64, "--leak"),
    option("a classifier's option", "--pooling max", 64, "--pooling"),
    option("a model beyond the memory", "--hidden 8192 --layers 64", 78, "fits this machine's memory", "GB"),
    BadCase(
      "configuration of another task", line: "\(characters) --config c.json", 78, ["c.json", "characters"],
      prepare: { try $0.write(#"{"task": "classify"}"#, "c.json") }),
    BadCase(
      "configuration with a classifier's leaf", line: "\(characters) --config c.json", 78, ["model.pooling"],
      prepare: { try $0.write(#"{"task": "characters", "model": {"pooling": "max"}}"#, "c.json") }),
  ]

  private static let again = "\(CharactersRun.command) --out run"

  private static func folder(
    _ name: String, line: String = again, _ code: Int32, _ words: String...,
    damage: @escaping @Sendable (Sandbox) throws -> Void
  ) -> BadCase {
    BadCase(name, line: line, code, words) { sandbox in
      try sandbox.addUnfinishedCharacters()
      try damage(sandbox)
    }
  }

  static let characterRuns: [BadCase] = [
    folder("a character run of other settings", line: "\(again) --dropout 0.5", 78, "model.dropout 0", "--out") { _ in
    },
    folder("a character run of another text", 65, "text.txt", "when the run began") {
      try $0.replace("lovely", with: "lively", in: "text.txt")
    },
    folder("a classifier's folder", 78, "characters", "classify") { sandbox in
      try sandbox.remove("run")
      try sandbox.addRun()
    },
    folder("a character run's folder for a classifier", line: "\(TrainedRun.command) --out run", 78, "classify") { _ in
    },
    folder("a character run's checkpoint with a flipped bit", 65, "run/checkpoints", "Remove this checkpoint") {
      sandbox in
      let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.place("run/checkpoints")).sorted()
      let file = "run/checkpoints/\(try #require(names.last))"
      var bytes = try sandbox.bytes(file)
      bytes[bytes.count - 9] ^= 1
      try sandbox.write(bytes, file)
    },
    folder("a character run's log shorter than its checkpoint knows", 65, "run/metrics.jsonl") {
      try $0.write("", "run/metrics.jsonl")
    },
    folder("generate with a run that has not ended", line: "generate run", 66, "run the training command again") { _ in
    },
  ]

  private static func use(
    _ name: String, _ line: String, _ code: Int32, _ words: String...,
    damage: @escaping @Sendable (Sandbox) throws -> Void = { _ in }
  ) -> BadCase {
    BadCase(name, line: line, code, words) { sandbox in
      try sandbox.addCharacters()
      try damage(sandbox)
    }
  }

  static let characterUse: [BadCase] = [
    BadCase("generate without a run", "generate", 64, "RUN expected"),
    BadCase("generate with nothing there", "generate gone", 66, "gone"),
    BadCase("generate with a classifier", "generate run", 65, "characters", prepare: { try $0.addRun() }),
    use("predict with a character model", "predict run good", 65, "classify"),
    use("evaluate a character model", "evaluate run", 65, "classify"),
    use("compare a character model", "compare run", 78, "classify"),
    use("a negative temperature", "generate run --temperature -1", 64, "--temperature"),
    use("a temperature that is no number", "generate run --temperature nan", 64, "'nan'"),
    use("a negative length", "generate run --length -1", 64, "--length"),
    use("a negative seed", "generate run --seed -1", 64, "--seed"),
    use("a bundle without weights", "generate run", 66, "model.safetensors") {
      try $0.remove("run/bundle/model.safetensors")
    },
    use("character weights cut short", "generate run", 65, "model.safetensors") { sandbox in
      let file = "run/bundle/model.safetensors"
      try sandbox.write(Array(try sandbox.bytes(file).dropLast(8)), file)
    },
    use("an alphabet out of order", "generate run", 65, "alphabet") {
      try $0.replace("\"alphabet\": \"\\n", with: "\"alphabet\": \"z\\n", in: "run/bundle/configuration.json")
    },
    use("an alphabet of another size", "generate run", 65, "architecture: sizes") {
      try $0.replace("\"alphabet\": \"\\n", with: "\"alphabet\": \"", in: "run/bundle/configuration.json")
    },
    use("a bundle's size beyond its weights", "generate run", 65, "weights") {
      try $0.replace("\"hiddenSize\": 8", with: "\"hiddenSize\": 8192", in: "run/bundle/configuration.json")
    },
    use("a bundle's size below one", "generate run", 65, "architecture") {
      try $0.replace("\"layerCount\": 1", with: "\"layerCount\": 0", in: "run/bundle/configuration.json")
    },
    use("a bundle's cell that is none", "generate run", 65, "architecture") {
      try $0.replace("\"cell\": \"lstm\"", with: "\"cell\": \"lstn\"", in: "run/bundle/configuration.json")
    },
    use("a bundle's equations that are none", "generate run", 65, "configuration.json", "architecture") {
      try $0.replace("\"cellFormula\": \"\"", with: "\"cellFormula\": \"h' = \"", in: "run/bundle/configuration.json")
    },
    use("a bundle's rate beyond 1", "generate run", 65, "architecture") {
      try $0.replace("\"zoneout\": 0", with: "\"zoneout\": 1.5", in: "run/bundle/configuration.json")
    },
    use("a newer bundle", "generate run", 65, "format 1 expected, found 2") {
      try $0.replace("\"format\": 1", with: "\"format\": 2", in: "run/bundle/configuration.json")
    },
  ]
}

@Suite struct CharactersBadInputTests {
  private static let all = BadCase.characterTexts + BadCase.characterRuns + BadCase.characterUse

  @Test(arguments: all)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test func everyCaseHasAName() {
    #expect(Set(CharactersBadInputTests.all.map(\.name)).count == CharactersBadInputTests.all.count)
  }

  /// Equations with an error are shown with a caret below the message.
  @Test func wrongEquations() throws {
    try Sandbox.withText { sandbox in
      try sandbox.write("state h\nh' = tanh(W_h x + U_h k)\noutput h'\n", "own.txt")
      let result = try Program.run("\(CharactersRun.command) --cell-file own.txt --out out", in: sandbox.path)
      #expect(result.code == 65 && result.errorText.hasPrefix("error: own.txt:2: "), "\(result)")
      #expect(!sandbox.exists("out"))
    }
  }

  @Test func divergence() throws {
    try Sandbox.withText { sandbox in
      let result = try Program.run(
        "train characters --data text.txt --cell rnn-relu --optimizer sgd --learning-rate 100 --batch 8 --steps 30"
          + " --epochs 50 --patience 1000 --weight-decay 10 --set training.clipNorm=none --quiet --out run",
        in: sandbox.path)
      #expect(result.code == 79 && result.errorLines.count == 1, "\(result)")
      #expect(result.errorText.contains("training diverged at step"), "\(result)")
      #expect(!sandbox.exists("run/bundle"))
    }
  }

  @Test func oneProcessAFolder() throws {
    try Sandbox.withText { sandbox in
      let words = Program.words(
        "train characters --data text.txt --hidden 8 --epochs 1000000 --patience 1000000 --quiet --out run")
      let first = try Program.start(words, in: sandbox.path)
      for _ in 0..<3000 where !sandbox.exists("run/metrics.jsonl") { Thread.sleep(forTimeInterval: 0.01) }
      let second = try Program.run(words, in: sandbox.path)
      #expect(second.code == 73 && second.errorText.contains("another process is writing"), "\(second)")
      first.send(SIGKILL)
      #expect(try first.result().signal == SIGKILL)
    }
  }
}
