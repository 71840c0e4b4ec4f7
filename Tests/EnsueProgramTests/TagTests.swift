// Labels of words: the numbers of transformers (Tests/Goldens/pretrained-encoders.py), and the command.

import EnsueBundle
import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueText
import Testing

@Suite struct TagTests {
  private static let goldenLabels = ["O", "B-PER", "I-PER", "B-LOC"]

  /// A family's golden checkpoint under the golden's head for tags, with a tokenizer whose word `w7` has the id 7.
  private static func writeGolden(_ family: EncoderFamilyKind, to folder: String) throws {
    let golden = TestFiles.golden("pretrained-encoders/\(family.rawValue)")
    var config = try JSONValue.contents(of: "\(golden)/config.json").objectValue ?? JSONObject()
    config["architectures"] = .array([.string("XForTokenClassification")])
    var (names, ids) = (JSONObject(), JSONObject())
    for (id, label) in goldenLabels.enumerated() {
      (names[String(id)], ids[label]) = (.string(label), .number(id))
    }
    (config["id2label"], config["label2id"]) = (.object(names), .object(ids))
    let weights = try SafetensorsReader("\(golden)/model.safetensors")
    let expected = try SafetensorsReader("\(golden)/expected.safetensors")
    var tensors: [(name: String, tensor: Tensor)] = []
    for name in weights.names where !name.hasPrefix("classifier.") {
      tensors.append((name, try weights.tensor(name)))
    }
    for name in ["classifier.weight", "classifier.bias"] {
      tensors.append((name, try expected.tensor("tagging/\(name)").converted(to: .float32)))
    }
    let model = try WordPieceModel(vocabulary: (0..<60).map { "w\($0)" }, unknownToken: "w0")
    let tokenizer = try SubwordTokenizer.bert(model, specialTokens: [])
    try HubFolderDraft(
      config: config, tensors: tensors, files: ["tokenizer.json": Array(tokenizer.json.indented.utf8)]
    ).write(to: folder)
  }

  @Test(arguments: EncoderFamilyKind.allCases)
  func labelsAreTransformers(_ family: EncoderFamilyKind) throws {
    try TestFiles.withDirectory { directory in
      try Self.writeGolden(family, to: directory)
      let tagger = try PretrainedTagger(folder: directory)
      #expect(tagger.labels == Self.goldenLabels)
      let expected = try SafetensorsReader(
        TestFiles.golden("pretrained-encoders/\(family.rawValue)/expected.safetensors"))
      let (ids, types) = (try expected.integers("ids"), try expected.integers("types"))
      let probabilities = softmax(try expected.tensor("tagging/logits")).doubles
      var (texts, rows, start) = ([String](), [Range<Int>](), 0)
      for length in try expected.integers("lengths").map({ Int($0) }) {
        let row = start..<start + length
        start += length
        // What is read here is one text, never a pair.
        guard types[row].allSatisfy({ $0 == 0 }) else { continue }
        texts.append(ids[row].map { "w\($0)" }.joined(separator: " "))
        rows.append(row)
      }
      #expect(texts.count >= 5)
      for (words, row) in zip(try tagger.tags(of: texts), rows) {
        #expect(words.count == row.count && words.map(\.text) == ids[row].map { "w\($0)" })
        for (word, place) in zip(words, row) {
          let found = try #require(word.label)
          let label = try #require(tagger.labels.firstIndex(of: found.label))
          let scores = probabilities[4 * place..<4 * place + 4]
          #expect(abs(found.probability - (scores.max() ?? 0)) < 1e-4, "\(word)")
          #expect(abs(found.probability - scores[4 * place + label]) < 1e-4, "\(word)")
        }
      }
      // Words that were cut before are read the same.
      let given = try tagger.labels(ofWords: texts.map { $0.split(separator: " ").map(String.init) })
      #expect(try given == tagger.tags(of: texts).map { $0.map(\.label) })
    }
  }

  /// A BERT in which a word alone decides: `a` is B-X, `b` is I-X, what it does not know is O.
  private static func draft() throws -> HubFolderDraft {
    var draft = HubFolderDraft.bert
    try draft.set("architectures", #"["BertForTokenClassification"]"#)
    try draft.set("id2label", #"{"0": "B-X", "1": "I-X", "2": "O"}"#)
    try draft.set("label2id", #"{"B-X": 0, "I-X": 1, "O": 2}"#)
    for (name, tensor) in draft.tensors {
      draft.set(tensor: name, tensor.shape, filler: name.hasSuffix("LayerNorm.weight") ? 1 : 0)
    }
    // Rows: [PAD], [UNK], [CLS], [SEP], a, b, ##b.
    var words = [Float](repeating: 0, count: 28)
    (words[4 + 2], words[16], words[20 + 1], words[24 + 3]) = (1, 1, 1, 1)
    var classifier = [Float](repeating: 0, count: 12)
    (classifier[0], classifier[4 + 1], classifier[8 + 2]) = (1, 1, 1)
    draft.remove(tensor: "bert.embeddings.word_embeddings.weight")
    draft.remove(tensor: "classifier.weight")
    draft.tensors.append(("bert.embeddings.word_embeddings.weight", Tensor(words, shape: [7, 4])))
    draft.tensors.append(("classifier.weight", Tensor(classifier, shape: [3, 4])))
    draft.set(tensor: "classifier.bias", [3], filler: 0)
    return draft
  }

  @Test func wordsTheirLabelsAndAnEmptyLine() throws {
    try Sandbox.with { sandbox in
      try Self.draft().write(to: sandbox.place("tagger"))
      let texts = ["a b ?a", "", "ab ß a"]
      let input = Array(texts.joined(separator: "\n").utf8)
      let piped = try Program.run("tag tagger", in: sandbox.path, input: input)
      let columns = piped.outputLines.map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
      #expect(piped.code == 0 && piped.error.isEmpty, "\(piped)")
      #expect(
        columns.map { $0.prefix(2).joined(separator: " ") } == [
          "a B-X", "b I-X", "? O", "a B-X", "", "", "ab B-X", "ß O", "a B-X", "",
        ])
      #expect(columns.allSatisfy { $0.count == 3 && $0[2].utf8.count == 6 || $0 == [""] }, "\(piped)")
      for options in [["--batch", "1"], ["--threads", "2"], ["--batch", "2", "--threads", "1"]] {
        #expect(try Program.run(["tag", "tagger"] + options + texts, in: sandbox.path).output == piped.output)
      }
      let json = try Program.run(["tag", "tagger", "--json", "ß? a"], in: sandbox.path)
      let object = try #require(JSONValue.parse(json.output, name: "output").objectValue)
      let tokens = object["tokens"]?.arrayValue?.compactMap(\.objectValue) ?? []
      #expect(object["text"] == .string("ß? a") && tokens.map { $0["word"]?.stringValue } == ["ß", "?", "a"])
      #expect(tokens.map { $0["start"]?.integerValue } == [0, 1, 3])
      #expect(tokens.map { $0["end"]?.integerValue } == [1, 2, 4])
      #expect(tokens.map { $0["label"]?.stringValue } == ["O", "O", "B-X"])
      #expect(tokens.allSatisfy { ($0["probability"]?.doubleValue ?? 0) > 1.0 / 3 })
    }
  }

  @Test func neighbouringWordsAreEntities() throws {
    try Sandbox.with { sandbox in
      try Self.draft().write(to: sandbox.place("tagger"))
      let found = try Program.run(["tag", "tagger", "--entities", "ß b b a", "?"], in: sandbox.path)
      #expect(found.code == 0 && found.outputLines.count == 4, "\(found)")
      #expect(found.outputLines.map { $0.split(separator: "\t").prefix(2) } == [["b b", "X"], ["a", "X"], [], []])
      let json = try Program.run(["tag", "tagger", "--entities", "--json", "ß b b a"], in: sandbox.path)
      let entities = try #require(JSONValue.parse(json.output, name: "output").objectValue)["entities"]?.arrayValue
      let objects = entities?.compactMap(\.objectValue) ?? []
      #expect(objects.map { $0["text"]?.stringValue } == ["b b", "a"])
      #expect(
        objects.map { $0["start"]?.integerValue } == [2, 6] && objects.map { $0["end"]?.integerValue } == [5, 7])
      #expect(objects.map { $0["kind"]?.stringValue } == ["X", "X"])
    }
  }

  /// Nine positions, two of them for what stands around.
  @Test func whatIsCutOffIsSaidOnce() throws {
    try Sandbox.with { sandbox in
      try Self.draft().write(to: sandbox.place("tagger"))
      let long = Array(repeating: "a", count: 9).joined(separator: " ")
      let found = try Program.run(["tag", "tagger", long, "b", long + " b"], in: sandbox.path)
      #expect(found.code == 0 && found.outputLines.filter { $0 == "a\t-\t-" }.count == 4, "\(found)")
      #expect(found.outputLines.contains("b\t-\t-") && found.outputLines.contains(where: { $0.hasPrefix("b\tI-X\t") }))
      #expect(
        found.errorLines == ["longer than the 9 tokens that the model reads: 2 sentences; without labels: 5 words"])
    }
  }

  /// Truth: `a b` and `a`; found: these, and `b` of the second sentence.
  @Test func labelsAreMeasured() throws {
    try Sandbox.with { sandbox in
      try Self.draft().write(to: sandbox.place("tagger"))
      try sandbox.write("a x B-X\nb x I-X\n? x O\na x I-X\n\nb\tO\n-\tO\n?\tO\n", "words.txt")
      let json = try Program.run("tag tagger --data words.txt --json --batch 1", in: sandbox.path)
      let object = try #require(JSONValue.parse(json.output, name: "output").objectValue)
      #expect(object["accuracy"]?.doubleValue == 5.0 / 7 && object["words"]?.integerValue == 7, "\(json)")
      let all = try #require(object["all"]?.objectValue)
      #expect(all["entities"]?.integerValue == 2 && all["found"]?.integerValue == 3, "\(json)")
      #expect(all["precision"]?.doubleValue == 2.0 / 3 && all["recall"]?.doubleValue == 1, "\(json)")
      #expect(all["f1"]?.doubleValue == 0.8 && object["kinds"]?.objectValue?["X"] == .object(all), "\(json)")
      let text = try Program.run("tag tagger --data words.txt", in: sandbox.path)
      #expect(
        text.code == 0
          && text.outputLines.prefix(5) == [
            "accuracy   71.43 %", "precision  66.67 %", "recall     100.00 %", "F1         80.00 %", "words      7",
          ], "\(text)")
    }
  }

  @Test(arguments: [
    BadCase(
      "tag with a classifier of sentences", "tag tagger a", 65, "config.json", "ForTokenClassification",
      "BertForSequenceClassification"
    ) { sandbox in
      var draft = try TagTests.draft()
      try draft.set("architectures", #"["BertForSequenceClassification"]"#)
      try draft.write(to: sandbox.place("tagger"))
    },
    BadCase("tag with a model that does not say what it is", "tag tagger a", 65, "architectures", "found none") {
      try HubFolderDraft.bert.write(to: $0.place("tagger"))
    },
    BadCase("tag without the head's weights", "tag tagger a", 65, "classifier.weight") { sandbox in
      var draft = try TagTests.draft()
      draft.remove(tensor: "classifier.weight")
      try draft.write(to: sandbox.place("tagger"))
    },
    BadCase("tag with a run of another kind", "tag run a", 65, "a pre-trained encoder", "a classifier") {
      try $0.addRun()
    },
    BadCase("tag with sentences and a file", "tag tagger a --data words.txt", 64, "--data", "found both"),
    BadCase("tag --entities of a file", "tag tagger --entities --data words.txt", 64, "--entities"),
    BadCase("tag: a file without labels", "tag tagger --data words.txt", 65, "words.txt:2", "label") {
      try TagTests.draft().write(to: $0.place("tagger"))
      try $0.write("a B-X\nb\n", "words.txt")
    },
    BadCase("tag: a label that the model lacks", "tag tagger --data words.txt", 65, "words.txt:3", "'B-Y'", "B-X") {
      try TagTests.draft().write(to: $0.place("tagger"))
      try $0.write("a B-X\n\nb B-Y\n", "words.txt")
    },
  ])
  func mistakesAreOneLine(_ bad: BadCase) throws { try bad.check() }
}
