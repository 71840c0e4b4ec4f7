// Encoder classifiers as folders of the Hub: read, written, read again, and opened by transformers.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueText
import Foundation
import Testing

/// Python with transformers: `ENSUE_PEER_PYTHON`, else `python3`; nil where it is not installed.
private let peerPython: String? = {
  let python = ProcessInfo.processInfo.environment["ENSUE_PEER_PYTHON"] ?? "python3"
  let found = try? Program.other([python, "-c", "import transformers, torch"], in: NSTemporaryDirectory())
  return found?.code == 0 ? python : nil
}()

@Suite struct PretrainedClassifierTests {
  private static func golden(_ family: EncoderFamilyKind) -> String {
    TestFiles.golden("pretrained-encoders/\(family.rawValue)")
  }

  private static let texts: [(String, String?)] = [
    ("a", nil), ("the film was good", "was it ?"), ("", nil), ("no such words as these", nil), ("a b", "c d a"),
    (String(repeating: "film ", count: 40), nil), ("good", String(repeating: "bad a ", count: 20)),
  ]

  /// A few words for any family.
  private static func tokenizer() throws -> SubwordTokenizer {
    let words = "the film was good bad it ? a b c d ##s ##m no"
    // Padding, which RoBERTa does not number, has the id that its configuration says.
    let vocabulary = ["[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]"] + words.split(separator: " ").map(String.init)
    return try .bert(WordPieceModel(vocabulary: vocabulary))
  }

  /// A golden's folder with a tokenizer.
  private static func copy(_ family: EncoderFamilyKind, to directory: String) throws -> String {
    let folder = "\(directory)/given"
    try OutputFile.createDirectory(folder)
    for name in ["config.json", "model.safetensors"] {
      try OutputFile.write(InputFile.contents(of: "\(golden(family))/\(name)"), to: "\(folder)/\(name)")
    }
    try OutputFile.write(tokenizer().json.indented, to: "\(folder)/tokenizer.json")
    return folder
  }

  @Test(arguments: EncoderFamilyKind.allCases)
  func logitsAreTransformers(_ family: EncoderFamilyKind) throws {
    let folder = try PretrainedFolder(Self.golden(family))
    #expect(folder.labels == ["bad", "fair", "good"] && folder.problem == .singleLabel)
    let (model, report) = try folder.encoderModel(head: .classification)
    #expect(report.isEmpty, "\(report)")
    let expected = try SafetensorsReader("\(Self.golden(family))/expected.safetensors")
    let lengths = try expected.integers("lengths").map { Int($0) }
    func sequences(_ name: String) throws -> [[Int32]] {
      var rest = try expected.integers(name).map(Int32.init)[...]
      return lengths.map { length in
        defer { rest = rest.dropFirst(length) }
        return Array(rest.prefix(length))
      }
    }
    let logits = try model(EncoderInput(sequences("ids"), types: sequences("types")))
    let disagreement = Disagreement(
      logits.converted(to: .float64), try expected.tensor("logits"), relative: 1e-4, absolute: 1e-5)
    #expect(disagreement.isSmall, "\(disagreement)")
  }

  @Test(arguments: EncoderFamilyKind.allCases)
  func aWrittenFolderIsTheSame(_ family: EncoderFamilyKind) throws {
    try TestFiles.withDirectory { directory in
      let bundle = try PretrainedClassifierBundle(folder: Self.copy(family, to: directory))
      let written = "\(directory)/written"
      try bundle.write(to: written)
      let read = try PretrainedClassifierBundle(folder: written)
      #expect(read.labels == bundle.labels && read.configuration == bundle.configuration)
      #expect(read.tokenizer == bundle.tokenizer && read.maximumLength == bundle.maximumLength)
      #expect(try read.scores(Self.texts).isIdentical(to: bundle.scores(Self.texts)))
      // What config.json says of other things stays.
      let config = try #require(JSONValue.contents(of: "\(written)/config.json").objectValue)
      #expect(config["initializer_range"]?.doubleValue == 0.02 && config["transformers_version"] != nil)
      try peer(written, bundle)
    }
  }

  /// transformers opens the folder and says the same.
  private func peer(_ folder: String, _ bundle: PretrainedClassifierBundle) throws {
    guard let peerPython else {
      print("not compared with transformers: no Python with it; set ENSUE_PEER_PYTHON")
      return
    }
    let lines = Self.texts.map { $0.1 == nil ? $0.0 : "\($0.0)\t\($0.1 ?? "")" }
    try OutputFile.write(lines.joined(separator: "\n") + "\n", to: "\(folder)/texts")
    let script = "\(peerPython) '\(TestFiles.golden("pretrained-peer.py"))' . < texts 2> errors"
    let result = try Program.shell(script, in: folder)
    let errors = (try? InputFile.contents(of: "\(folder)/errors")) ?? []
    try #require(result.code == 0, "\(result)\n\(String(decoding: errors, as: UTF8.self))")
    let found = try #require(JSONValue.parse(result.output, name: "peer").objectValue)
    #expect(found["labels"]?.arrayValue?.compactMap(\.stringValue) == bundle.labels)
    let rows = found["texts"]?.arrayValue?.compactMap(\.objectValue) ?? []
    try #require(rows.count == Self.texts.count)
    let own = try bundle.scores(Self.texts)
    for (index, row) in rows.enumerated() {
      let (text, pair) = Self.texts[index]
      #expect(bundle.encode(text, pair).ids == row["ids"]?.arrayValue?.compactMap { $0.integerValue.map(Int32.init) })
      let theirs = Tensor(row["logits"]?.arrayValue?.compactMap(\.doubleValue) ?? [], shape: [1, own.shape[1]])
      let ours = own.sliced(index..<index + 1, axis: 0).converted(to: .float64)
      let disagreement = Disagreement(ours, theirs, relative: 1e-4, absolute: 1e-5)
      #expect(disagreement.isSmall, "\(text): \(disagreement)")
    }
  }

  @Test(arguments: EncoderFamilyKind.allCases)
  func aNewHeadBeginsAnewAndTheRestStays(_ family: EncoderFamilyKind) throws {
    try TestFiles.withDirectory { directory in
      let folder = try Self.copy(family, to: directory)
      let given = try PretrainedClassifierBundle(folder: folder)
      let bundle = try PretrainedClassifierBundle(folder: folder, labels: ["no", "yes"])
      #expect(bundle.labels == ["no", "yes"])
      #expect(bundle.report.missing == ["head.output.weight", "head.output.bias"], "\(bundle.report)")
      let former = Dictionary(given.model.namedTensors.map { ($0.name, $0.tensor) }) { first, _ in first }
      for (name, tensor) in bundle.model.namedTensors where !name.hasPrefix("head.output.") {
        #expect(former[name].map { tensor.isIdentical(to: $0) } == true, "\(name)")
      }
      #expect(try bundle.scores(Self.texts).shape == [Self.texts.count, 2])
      try bundle.write(to: "\(directory)/trained")
      let read = try PretrainedClassifierBundle(folder: "\(directory)/trained")
      #expect(read.labels == ["no", "yes"] && read.report.isEmpty)
      #expect(try read.scores(Self.texts).isIdentical(to: bundle.scores(Self.texts)))
      // With its own labels a head is kept.
      let kept = try PretrainedClassifierBundle(folder: folder, labels: ["bad", "fair", "good"])
      #expect(try kept.report.isEmpty && kept.scores(Self.texts).isIdentical(to: given.scores(Self.texts)))
    }
  }

  /// A file with more layers than config.json says is of another model.
  @Test(arguments: EncoderFamilyKind.allCases)
  func layersBeyondTheConfigurationAreRefused(_ family: EncoderFamilyKind) throws {
    // ALBERT's layers are one.
    guard family != .albert else { return }
    try TestFiles.withDirectory { directory in
      let folder = try Self.copy(family, to: directory)
      var config = try #require(JSONValue.contents(of: "\(folder)/config.json").objectValue)
      let key = family == .distilbert ? "n_layers" : "num_hidden_layers"
      let count = try #require(config[key]?.integerValue)
      config[key] = .number(count - 1)
      try OutputFile.write(JSONValue.object(config).indented, to: "\(folder)/config.json")
      for head in EncoderHeadKind.allCases {
        let failure = #expect(throws: Failure.self) { try PretrainedFolder(folder).encoderModel(head: head) }
        #expect(failure?.problem == "\(key): the \(count) that the weights have expected, found \(count - 1)")
      }
    }
  }

  /// A tokenizer that puts nothing around a text may have no token of it.
  @Test func aTextWithoutATokenIsRead() throws {
    try TestFiles.withDirectory { directory in
      var draft = HubFolderDraft.bert
      draft.remove("vocab.txt")
      draft.put(HubFolderDraft.tokenizer, "tokenizer.json")
      try draft.write(to: directory)
      let bundle = try PretrainedClassifierBundle(folder: directory)
      #expect(bundle.tokenizer.encode("", addsSpecialTokens: true).isEmpty)
      #expect(bundle.encode("").ids == [0] && bundle.encode("", "").types == [0])
      #expect(bundle.read(ClassifierText("")).tokenCount == 0 && bundle.read(ClassifierText("a")).tokenCount == 1)
      let texts = [ClassifierText(""), ClassifierText("ab"), ClassifierText("", "")]
      #expect(bundle.probabilities(of: texts).allSatisfy { $0.count == 2 && $0.allSatisfy(\.isFinite) })
      #expect(try AttendingEncoder(folder: directory).attention(in: "").tokens.count == 1)
      #expect(try PretrainedSentenceEncoder(folder: directory).vectors(of: ["", "a"]).shape == [2, 4])
    }
  }

  /// A sentence encoder: pooling and longest sentence from its own files, no head.
  @Test func sentenceEncodersSayHowTheyPool() throws {
    try TestFiles.withDirectory { directory in
      var draft = HubFolderDraft.bert
      let modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")].map { path, type in
        #"{"path": "\#(path)", "type": "sentence_transformers.models.\#(type)"}"#
      }
      draft.put("[\(modules.joined(separator: ", "))]", "modules.json")
      draft.put(
        #"{"word_embedding_dimension": 4, "pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true}"#,
        "1_Pooling/config.json")
      draft.put(#"{"max_seq_length": 5}"#, "sentence_bert_config.json")
      try draft.write(to: directory)
      let folder = try PretrainedFolder(directory)
      #expect(folder.sentence?.pooling == SentencePooling(.mean, normalizes: true))
      #expect(try folder.maximumLength == 5)
      let (model, report) = try folder.encoderModel(head: .embedding)
      #expect(report.isEmpty, "\(report)")
      let vectors = try model(EncoderInput([[2, 4, 3], [2, 5, 4, 4, 3]]))
      #expect(vectors.shape == [2, 4])
      for row in 0..<2 {
        let length = vectors.floats[4 * row..<4 * row + 4].reduce(0) { $0 + $1 * $1 }
        #expect(abs(length - 1) < 1e-5)
      }
      // Capital letters are no tokens here.
      draft.put(#"{"do_lower_case": false}"#, "tokenizer_config.json")
      for (setting, isSame) in [("", false), (#", "do_lower_case": true"#, true)] {
        draft.put(#"{"max_seq_length": 5\#(setting)}"#, "sentence_bert_config.json")
        try draft.write(to: directory)
        let encoder = try PretrainedSentenceEncoder(folder: directory)
        #expect(try encoder.vectors(of: ["A b"]).isIdentical(to: encoder.vectors(of: ["a b"])) == isSame)
      }
    }
  }
}
