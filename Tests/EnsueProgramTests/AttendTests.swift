// `ensue attend`, and the classifiers that are looked into: as text, as JSON, as a picture.

import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

@Suite struct AttendTests {
  private static let sentence = "the food was so lovely , said zebra of table 3"
  private static let words = sentence.split(separator: " ").map(String.init)

  private static func attend(
    _ run: Result<AttendingRun, any Error>, _ arguments: [String], input: [UInt8] = [],
    environment: [String: String] = [:]
  ) throws -> ProgramResult {
    try Program.run(
      ["attend", run.get().path] + arguments, in: NSTemporaryDirectory(), input: input, environment: environment)
  }

  static func objects(_ result: ProgramResult) throws -> [JSONObject] {
    try #require(result.code == 0, "\(result)")
    return try result.outputLines.map {
      try #require(JSONValue.parse(Array($0.utf8), name: "standard output").objectValue)
    }
  }

  static func maps(_ object: JSONObject) throws -> [JSONObject] {
    try #require(object["maps"]?.arrayValue).map { try #require($0.objectValue) }
  }

  static func weights(_ map: JSONObject) throws -> [[Double]] {
    try #require(map["weights"]?.arrayValue).map { row in
      try #require(row.arrayValue).map { try #require($0.doubleValue) }
    }
  }

  // MARK: Programs read it

  @Test func jsonHasEveryWeight() throws {
    let result = try AttendTests.attend(AttendingRun.transformer, ["--json", AttendTests.sentence])
    let object = try #require(try AttendTests.objects(result).first)
    #expect(object["text"]?.stringValue == AttendTests.sentence)
    #expect(object["tokens"]?.arrayValue?.compactMap(\.stringValue) == AttendTests.words)
    #expect(object["unknown"]?.arrayValue?.compactMap(\.integerValue) == [7], "zebra was never seen")
    let maps = try AttendTests.maps(object)
    #expect(maps.map { $0["layer"]?.integerValue } == [1, 1, 1, 2, 2, 2])
    #expect(maps.map { $0["head"]?.integerValue } == [1, 2, 3, 1, 2, 3])
    for map in maps {
      let weights = try AttendTests.weights(map)
      #expect(map["level"]?.stringValue == "self-attention")
      #expect(weights.count == AttendTests.words.count && weights.allSatisfy { $0.count == AttendTests.words.count })
      #expect(weights.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 })
    }
    // The label is the one that prediction gives.
    let predicted = try Program.run(
      ["predict", AttendingRun.transformer.get().path, "--json", AttendTests.sentence], in: NSTemporaryDirectory())
    let prediction = try #require(try AttendTests.objects(predicted).first)
    let label = try #require(object["label"]?.stringValue)
    #expect(prediction["label"]?.stringValue == label)
    #expect(prediction["probabilities"]?.objectValue?[label] == object["probability"])
  }

  @Test func aLayerAndAHeadCanBeChosen() throws {
    let all = try AttendTests.maps(
      try #require(AttendTests.objects(AttendTests.attend(AttendingRun.transformer, ["--json", "good food"])).first))
    let one = try AttendTests.maps(
      try #require(
        AttendTests.objects(
          AttendTests.attend(AttendingRun.transformer, ["--json", "--layer", "2", "--head", "3", "good food"])
        ).first))
    #expect(one == [all[5]])
    let head = try AttendTests.maps(
      try #require(
        AttendTests.objects(AttendTests.attend(AttendingRun.transformer, ["--json", "--head", "1", "good food"])).first)
    )
    #expect(head == [all[0], all[3]])
  }

  @Test func linesOfInputAreReadAsTheyCome() throws {
    let input = Array("good food\n\nthe film".utf8)
    for arguments in [["--json"], ["--json", "-"]] {
      let result = try AttendTests.attend(AttendingRun.pooled, arguments, input: input)
      let tokens = try AttendTests.objects(result).map { $0["tokens"]?.arrayValue?.compactMap(\.stringValue) }
      #expect(tokens == [["good", "food"], ["<unk>"], ["the", "film"]], "\(result)")
    }
  }

  // MARK: People read it

  @Test(arguments: [40, 80, 200]) func textFitsTheTerminal(_ width: Int) throws {
    for run in [AttendingRun.transformer, AttendingRun.pooled, AttendingRun.documents] {
      let result = try AttendTests.attend(
        run, [AttendTests.sentence + ". An extraordinarily long conversation about restaurants!", "good"],
        environment: ["COLUMNS": "\(width)"])
      #expect(result.code == 0 && result.error.isEmpty, "\(result)")
      for line in result.outputLines { #expect(line.unicodeScalars.count <= width, "\(line)") }
      #expect(!result.outputText.contains("\u{1B}"), "a pipe gets plain text")
    }
  }

  /// The whole text for one sentence, by shape: numbers are the model's.
  @Test func plainTextIsAMatrixOfPerCent() throws {
    let result = try AttendTests.attend(
      AttendingRun.transformer, ["--layer", "1", "--head", "2", "the food was zebra"])
    let lines = result.outputLines
    try #require(lines.count == 10, "\(result)")
    #expect(lines[0] == "the food was zebra")
    #expect(lines[1].hasPrefix("pos ") || lines[1].hasPrefix("neg "))
    #expect(lines[1].hasSuffix(" %"))
    #expect(lines[2] == "not in the vocabulary: zebra")
    #expect(lines[3].isEmpty && lines[4] == "layer 1, head 2, in per cent")
    #expect(lines[5] == "      the food was zebra")
    for (line, word) in zip(lines[6...], ["the", "food", "was", "zebra"]) {
      let fields = line.split(separator: " ")
      #expect(fields.count == 5 && fields[0] == word)
      let numbers = fields.dropFirst().map { Int($0) ?? 0 }
      #expect((98...102).contains(numbers.reduce(0, +)), "\(line)")
    }
  }

  @Test func documentsHaveWeightsOfSentencesAndWords() throws {
    let text = "We went on monday. the food was so lovely , said guest 3. Who said it?"
    let result = try AttendTests.attend(AttendingRun.documents, [text])
    let lines = result.outputLines
    for line in [
      "layer 1: the words of each sentence, in per cent", "layer 2: the sentences of the document, in per cent",
    ] {
      #expect(lines.contains(line), "\(result)")
    }
    #expect(lines.count { $0.hasPrefix("sentence ") && $0.hasSuffix(" %") } == 3, "\(result)")
    let object = try #require(
      try AttendTests.objects(AttendTests.attend(AttendingRun.documents, ["--json", text])).first)
    let maps = try AttendTests.maps(object)
    #expect(maps.map { $0["level"]?.stringValue } == ["words", "words", "words", "sentences"])
    #expect(maps[0]["keys"]?.arrayValue?.compactMap(\.stringValue) == ["we", "went", "on", "monday", "."])
    let sentences = try AttendTests.weights(maps[3])[0]
    #expect(sentences.count == 3 && abs(sentences.reduce(0, +) - 1) < 1e-5)
    #expect(sentences[1] == sentences.max(), "the second sentence tells the label: \(sentences)")
  }

  @Test func controlCharactersDoNotReachTheTerminal() throws {
    let hostile = "good \u{1B}[31mfood\u{7} \u{202E}x"
    for arguments in [[hostile], ["--layer", "1", hostile]] {
      let result = try AttendTests.attend(AttendingRun.transformer, arguments)
      #expect(result.code == 0)
      let isHarmless = result.outputText.unicodeScalars.allSatisfy {
        $0 == "\n" || $0.value >= 0x20 && $0.value != 0x202E
      }
      #expect(isHarmless, "\(result)")
    }
  }

  /// A pseudo-terminal, as `script` of util-linux makes one.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func shadesDependOnTheTerminal() throws {
    func shown(_ environment: [String: String]) throws -> String {
      let path = try AttendingRun.transformer.get().path
      let result = try Program.shell(
        "script -qec '\"$ENSUE\" attend \(path) \"the food was good\"' /dev/null", in: NSTemporaryDirectory(),
        environment: ["COLUMNS": "80", "NO_COLOR": "", "COLORTERM": ""].merging(environment) { $1 })
      #expect(result.code == 0, "\(result)")
      return result.outputText
    }
    let coloured = try shown(["TERM": "xterm-256color"])
    #expect(coloured.contains("48;5;") && coloured.contains("full shade"))
    #expect(try shown(["TERM": "xterm", "COLORTERM": "truecolor"]).contains("48;5;"))
    let blocks = try shown(["TERM": "vt220"])
    #expect(!blocks.contains("48;5;") && blocks.contains("█"))
    for plain in [["TERM": "xterm-256color", "NO_COLOR": "1"], ["TERM": "dumb"]] {
      let text = try shown(plain)
      #expect(!text.contains("\u{1B}") && !text.contains("█") && text.contains("in per cent"), "\(plain)")
    }
  }

  @Test(arguments: [80, 40]) func helpIsTheGolden(_ width: Int) throws {
    let result = try Program.run(
      ["attend", "--help"], in: NSTemporaryDirectory(), environment: ["COLUMNS": "\(width)"])
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens").path
    let file = "\(folder)/help-attend-\(width).txt"
    // ENSUE_RECORD=1 writes it anew, to be read before it is kept.
    if ProcessInfo.processInfo.environment["ENSUE_RECORD"] != nil { try OutputFile.write(result.outputText, to: file) }
    #expect(result.code == 0)
    #expect(try String(decoding: InputFile.contents(of: file), as: UTF8.self) == result.outputText)
  }

  // MARK: Pictures

  @Test func aPictureHasEveryMap() throws {
    try Sandbox.with { sandbox in
      for (run, titles) in [
        (AttendingRun.transformer, ["layer 1, head 1", "layer 2, head 3"]),
        (AttendingRun.pooled, ["attention over the words"]), (AttendingRun.documents, ["sentence 1", "sentence 2"]),
      ] {
        let arguments = ["attend", try run.get().path, "--svg", "heads.svg", "--json"]
        let result = try Program.run(arguments + ["the food <was> good. well & fine"], in: sandbox.path)
        #expect(result.code == 0 && result.outputLines.count == 1, "\(result)")
        let svg = try sandbox.text("heads.svg")
        #expect(svg.hasPrefix("<?xml") && svg.hasSuffix("</svg>\n"))
        #expect(svg.contains("prefers-color-scheme:dark") && svg.contains("class=\"heat\""))
        for title in titles { #expect(svg.contains(">\(title)</text>"), "\(title)") }
        #expect(svg.contains(">food</text>") && !svg.contains("<was>"))
      }
    }
  }

  @Test func aPictureOfTooManySentencesIsRefused() throws {
    try Sandbox.with { sandbox in
      try sandbox.add(AttendingRun.pooled)
      let input = Array(String(repeating: "good food\n", count: 101).utf8)
      let result = try Program.run("attend run --svg x.svg", in: sandbox.path, input: input)
      #expect(result.code == 64 && result.errorText.contains("--svg: at most 100 sentences"), "\(result)")
      #expect(!sandbox.exists("x.svg"))
    }
  }

  // MARK: The classifiers

  @Test(arguments: BadCase.attention) func refused(_ bad: BadCase) throws { try bad.check() }

  @Test func documentsAreLearned() throws {
    try Sandbox.with { sandbox in
      try sandbox.add(AttendingRun.documents)
      try sandbox.write(Sentences.table(Sentences.documents(count: 200)), "documents.tsv")
      let evaluated = try Program.run("evaluate run --data documents.tsv --json", in: sandbox.path)
      let object = try #require(try MainJobTests.json(evaluated).objectValue)
      #expect(object["accuracy"]?.doubleValue ?? 0 > 0.95, "\(evaluated)")
      #expect(object["model"]?.stringValue == "hierarchical")
      // One sentence without an end mark is a document, and so is nothing.
      let predicted = try Program.run("predict run", in: sandbox.path, input: Array("the food was so lovely\n\n".utf8))
      #expect(predicted.code == 0 && predicted.outputLines.count == 2, "\(predicted)")
      #expect(predicted.outputLines[0].hasPrefix("pos\t"), "\(predicted)")
    }
  }

  @Test(arguments: [
    "", "--attention-score additive", "--attention-distribution entmax --attention-alpha 1.3",
    "--attention-score scaled-dot --attention-distribution sigmoid",
  ])
  func attentionOverStatesIsLearned(_ options: String) throws {
    try Sandbox.with { sandbox in
      let trained = try Program.run(
        "train classify --data data.tsv --test data.tsv --model bilstm --pooling attention \(options)"
          + " \(AttendingRun.sizes) --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let evaluated = try Program.run("evaluate run --json", in: sandbox.path)
      let accuracy = try #require(try MainJobTests.json(evaluated).objectValue?["accuracy"]?.doubleValue)
      #expect(accuracy > 0.95, "\(options): \(evaluated)")
    }
  }

  /// A bundle of before attention could be chosen has neither key, and means what it meant.
  @Test func aBundleFromBeforeStillLoads() throws {
    try Sandbox.with { sandbox in
      let trained = try Program.run(
        "train classify --data data.tsv --model gru --pooling attention \(AttendingRun.sizes) --out run",
        in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let input = Array("the food was so lovely\n".utf8)
      let before = try Program.run("predict run --json", in: sandbox.path, input: input)
      let file = "run/bundle/configuration.json"
      var bundle = try #require(JSONValue.parse(sandbox.bytes(file), name: file).objectValue)
      var architecture = try #require(bundle["architecture"]?.objectValue)
      let later = ["attentionReading", "attentionKernel", "randomFeatureCount"]
      for key in ["attentionDistribution", "attentionAlpha"] + later {
        #expect(architecture[key] != nil, "\(key)")
        architecture[key] = nil
      }
      #expect(architecture["attentionScore"] == nil)
      bundle["architecture"] = .object(architecture)
      try sandbox.write(JSONValue.object(bundle).indented, file)
      let after = try Program.run("predict run --json", in: sandbox.path, input: input)
      #expect(before.code == 0 && after.code == 0 && after.output == before.output, "\(after)")
      #expect(try Program.run("attend run good", in: sandbox.path).code == 0)
    }
  }
}
