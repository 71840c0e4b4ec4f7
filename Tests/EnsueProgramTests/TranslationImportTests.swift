// Translation models of other programs, through the program: what their makers' programs write, ours writes too.

import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

private let folder = "\(TestFiles.data ?? "")/checkpoints"

@Suite(.enabled(if: InputFile.isDirectory(folder), "no checkpoints: set ENSUE_DATA"))
struct TranslationImportTests {
  private func golden(_ name: String) throws -> JSONObject {
    try #require(
      JSONValue.contents(of: TestFiles.golden("translation-foreign.json")).objectValue?[name]?.objectValue)
  }

  private func texts(_ value: JSONValue?) -> [String] { value?.arrayValue?.compactMap(\.stringValue) ?? [] }

  private func run(_ arguments: [String], _ input: String = "", in sandbox: Sandbox) throws -> String {
    let result = try Program.run(arguments, in: sandbox.path, input: Array(input.utf8))
    try #require(result.code == 0, "\(arguments): \(result)")
    return result.outputText
  }

  @Test func datesAreWrittenAnew() throws {
    let golden = try golden("dates")
    try Sandbox.with { sandbox in
      _ = try run(
        [
          "weights", "import", "dlfs2-dates", "\(folder)/dlfs2/date-attention-seq2seq.safetensors", "--vocabulary",
          "\(folder)/../toy-seq2seq/date.txt", "--out", "dates",
        ], in: sandbox)
      let written = try run(
        ["translate", "dates", "--beam", "1", "--maximum-length", "10"],
        texts(golden["questions"]).joined(separator: "\n") + "\n", in: sandbox)
      #expect(written == texts(golden["answers"]).joined(separator: "\n") + "\n")
    }
  }

  /// The model has no end: how long its sources and translations are is the bundle's to say.
  @Test func aModelWithoutAnEndStopsByItself() throws {
    let golden = try golden("dates")
    let questions = texts(golden["questions"]).map { $0.trimmingCharacters(in: .whitespaces) }
    let answers = texts(golden["answers"])
    try Sandbox.with { sandbox in
      _ = try run(
        [
          "weights", "import", "dlfs2-dates", "\(folder)/dlfs2/date-attention-seq2seq.safetensors", "--vocabulary",
          "\(folder)/../toy-seq2seq/date.txt", "--out", "dates",
        ], in: sandbox)
      let translated = try Program.run(
        ["translate", "dates", "--beam", "1"], in: sandbox.path,
        input: Array((questions.joined(separator: "\n") + "\n").utf8))
      #expect(translated.outputLines == answers && translated.error.isEmpty, "\(translated)")
      let least = try run(["translate", "dates", "--beam", "1", "--minimum-length", "4", questions[0]], in: sandbox)
      #expect(least == answers[0] + "\n")
      let own = try run(["attend", "dates", questions[0], "--beam", "1", "--json"], in: sandbox)
      let given = try run(["attend", "dates", questions[0], answers[0], "--json"], in: sandbox)
      #expect(own == given)
      let reading = try #require(JSONValue.parse(Array(own.utf8), name: "attend").objectValue)
      #expect(texts(reading["targetTokens"]) == answers[0].map { String($0) })
      #expect(texts(reading["sourceTokens"]).count == 29)
      let maps = try #require(reading["maps"]?.arrayValue?.first?.objectValue?["weights"]?.arrayValue)
      #expect(maps.count == 10 && maps.allSatisfy { $0.arrayValue?.count == 29 })
      try sandbox.write(questions.map { $0 + "\n" }.joined(), "s.txt")
      try sandbox.write(answers.map { $0 + "\n" }.joined(), "t.txt")
      let measured = try run(["evaluate", "dates", "--data", "s.txt,t.txt", "--beam", "1", "--json"], in: sandbox)
      let figures = try #require(JSONValue.parse(Array(measured.utf8), name: "evaluate").objectValue)
      #expect(figures["exact-match"]?.doubleValue == 100 && figures["sentences"]?.integerValue == 120, "\(measured)")
      // Ten symbols each, and no end among them.
      #expect(figures["count"]?.integerValue == 1200 && figures["accuracy"]?.doubleValue == 1, "\(measured)")
      let short = try run(
        ["evaluate", "dates", "--data", "s.txt,t.txt", "--maximum-length", "4", "--json"], in: sandbox)
      #expect(try JSONValue.parse(Array(short.utf8), name: "evaluate").objectValue?["exact-match"]?.doubleValue == 0)
    }
  }

  /// CTranslate2's four best of each name with their scores, and the likeliest symbol by symbol.
  @Test func namesAreThoseOfCTranslate2() throws {
    let golden = try golden("names")
    let sources = texts(golden["sources"]).joined(separator: "\n") + "\n"
    try Sandbox.with { sandbox in
      _ = try run(
        ["weights", "import", "ctranslate2", "\(folder)/ctranslate2-aren-transliteration", "--out", "names"],
        in: sandbox)
      let greedy = try run(["translate", "names", "--beam", "1"], sources, in: sandbox)
      #expect(greedy == texts(golden["greedy"]).joined(separator: "\n") + "\n")
      let lines = try run(
        ["translate", "names", "--beam", "4", "--n-best", "4", "--length-penalty", "0", "--json"], sources, in: sandbox)
      let found = try lines.split(separator: "\n").map { line in
        try #require(JSONValue.parse(Array(line.utf8), name: "line").objectValue?["translations"]?.arrayValue)
      }
      let beams = golden["beam"]?.arrayValue?.map(texts) ?? []
      let scores = golden["beamScores"]?.arrayValue?.map { $0.arrayValue?.compactMap(\.doubleValue) ?? [] } ?? []
      try #require(found.count == 50 && beams.count == 50)
      // The best is never worse than theirs, and mostly the same; which others a beam keeps is each program's affair.
      var same = 0
      for (translations, (theirs, theirScores)) in zip(found, zip(beams, scores)) {
        let best = try #require(translations.first?.objectValue)
        let score = try #require(best["logProbability"]?.doubleValue)
        #expect(score > theirScores[0] - 2e-3, "\(theirs[0])")
        if best["text"]?.stringValue == theirs[0] {
          same += 1
          #expect(abs(score - theirScores[0]) < 2e-3, "\(theirs[0])")
        }
      }
      #expect(same >= 45)
    }
  }

  /// A folder as CTranslate2 has it, without safetensors.
  @Test func itsOwnFileIsRead() throws {
    let golden = try golden("names")
    try Sandbox.with { sandbox in
      for name in ["model.bin", "source_vocabulary.txt", "target_vocabulary.txt"] {
        try sandbox.write(
          InputFile.contents(of: "\(folder)/ctranslate2-aren-transliteration/\(name)"), "aren/\(name)")
      }
      _ = try run(["weights", "import", "ctranslate2", "aren", "--out", "names"], in: sandbox)
      let written = try run(
        ["translate", "names", "--beam", "1"], texts(golden["sources"]).joined(separator: "\n") + "\n", in: sandbox)
      #expect(written == texts(golden["greedy"]).joined(separator: "\n") + "\n")
      #expect(written.hasPrefix("atzmon\n"))
      try sandbox.write(Array(sandbox.bytes("aren/model.bin").prefix(1000)), "aren/model.bin")
      let cut = try Program.run("weights import ctranslate2 aren --out cut", in: sandbox.path)
      #expect(cut.code == 65 && cut.errorText.contains("model.bin") && !sandbox.exists("cut"), "\(cut)")
    }
  }

  @Test func filesOfAnotherKindAreRefused() throws {
    try Sandbox.with { sandbox in
      let words = "\(folder)/dlfs2/ptb-vocab-by-id.txt"
      let dates = "\(folder)/dlfs2/date-attention-seq2seq.safetensors"
      for (arguments, code) in [
        (["ctranslate2", "\(folder)/dlfs2"], 66), (["ctranslate2", "absent"], 66),
        (["dlfs2-dates", dates, "--vocabulary", words], 65), (["dlfs2-dates", dates], 64),
        (["dlfs2-dates", words, "--vocabulary", words], 65),
      ] as [([String], Int32)] {
        let result = try Program.run(["weights", "import"] + arguments + ["--out", "x"], in: sandbox.path)
        #expect(result.code == code, "\(arguments): \(result)")
        #expect(result.errorText.split(separator: "\n").count == 1, "\(result)")
        #expect(!sandbox.exists("x"))
      }
    }
  }
}
