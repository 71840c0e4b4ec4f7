// MarianMT as transformers writes it (Tests/Goldens/pretrained-translators.py): ids, every score, attention to the
// source, what is written; and the way through the program.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueText
import Testing

@Suite struct PretrainedTranslatorTests {
  static let names = ["marian", "marian-apart"]

  static func folder(_ name: String) -> String { TestFiles.golden("pretrained-translators/\(name)") }

  /// What a model says of forced targets.
  private struct Golden {
    let sources: [[Int32]]
    let inputs: [[Int32]]
    /// Of one pair's inputs after another's.
    let logits: Tensor
    let cross: [Double]
    let loss: Double

    init(_ name: String) throws {
      let reader = try SafetensorsReader(TestFiles.golden("pretrained-translators.safetensors"))
      func sequences(_ key: String, _ lengths: String) throws -> [[Int32]] {
        let ids: [Int32] = try reader.integers("\(name)/\(key)").map(Int32.init)
        var rest = ids[...]
        return try reader.integers("\(name)/\(lengths)").map { length in
          defer { rest = rest.dropFirst(Int(length)) }
          return Array(rest.prefix(Int(length)))
        }
      }
      sources = try sequences("sources", "source-lengths")
      inputs = try sequences("inputs", "input-lengths")
      logits = try reader.tensor("\(name)/logits")
      cross = try reader.tensor("\(name)/cross").doubles
      loss = try reader.tensor("\(name)/loss").doubles[0]
    }
  }

  /// What texts become.
  private static func texts(_ name: String) throws -> JSONObject {
    let json = try JSONValue.contents(of: TestFiles.golden("pretrained-translators.json"))
    return try #require(json.objectValue?[name]?.objectValue)
  }

  static func entries(_ name: String, _ key: String) throws -> [[JSONValue]] {
    try #require(texts(name)[key]?.arrayValue).map { try #require($0.arrayValue) }
  }

  private static func ids(_ value: JSONValue) -> [Int32] {
    value.arrayValue?.compactMap(\.integerValue).map(Int32.init) ?? []
  }

  /// Scores of pairs, one after another.
  private static func logits(_ model: AnyTranslationModel, _ golden: Golden) throws -> Tensor {
    concatenated(
      try golden.sources.indices.map {
        try model.logits(sources: PackedTokens([golden.sources[$0]]), inputs: PackedTokens([golden.inputs[$0]]))
      }, axis: 0)
  }

  @Test(arguments: names, [ElementType.float32, .float64])
  func scoresAreTransformers(_ name: String, _ type: ElementType) throws {
    let golden = try Golden(name)
    let model = try TranslationBundle(contentsOf: Self.folder(name)).model.converted(to: type)
    let bound = type == .float32 ? 1e-4 : 1e-10
    let found = try Self.logits(model, golden)
    let disagreement = Disagreement(
      found.converted(to: .float64), golden.logits, relative: bound, absolute: bound / 10)
    #expect(disagreement.isSmall, "\(disagreement)")
    // Batched, without padding, the rows have the same bits.
    let inputs = PackedTokens(golden.inputs)
    let batched = try model.logits(sources: PackedTokens(golden.sources), inputs: inputs)
    var row = 0
    for (pair, ids) in golden.inputs.enumerated() {
      let position = try #require(inputs.layout.order.firstIndex(of: pair))
      for step in ids.indices {
        let other = inputs.layout.row(step: step, position: position)
        #expect(batched.sliced(other..<other + 1, axis: 0).isIdentical(to: found.sliced(row..<row + 1, axis: 0)))
        row += 1
      }
    }
    let targets = golden.inputs.flatMap { ids -> [Int] in ids.dropFirst().map { Int($0) } + [0] }
    let losses = logSoftmax(found.converted(to: .float64)).doubles
    let width = model.vocabularySize
    let sum = targets.enumerated().reduce(0.0) { $0 - losses[$1.offset * width + $1.element] }
    #expect(abs(sum / Double(targets.count) - golden.loss) < bound * 10)
  }

  @Test(arguments: names) func attentionToTheSourceIsTransformers(_ name: String) throws {
    let golden = try Golden(name)
    let model = try TranslationBundle(contentsOf: Self.folder(name)).model
    let heads = try model.attention(sources: PackedTokens(golden.sources), inputs: PackedTokens(golden.inputs))
    let found = golden.sources.indices.flatMap { pair in
      heads.flatMap { head in head[pair].flatMap { $0.map(Double.init) } }
    }
    let disagreement = Disagreement(found, golden.cross, relative: 1e-4, absolute: 1e-5)
    #expect(disagreement.isSmall, "\(disagreement)")
  }

  @Test(arguments: names) func textsAreTransformersIds(_ name: String) throws {
    let codecs = try TranslationBundle(contentsOf: Self.folder(name)).codecs
    for (key, codec) in [("sources", codecs.source), ("targets", codecs.target)] {
      for entry in try Self.entries(name, key) {
        let text = try #require(entry[0].stringValue)
        #expect(codec.encode(text) == Self.ids(entry[1]), "\(key): \(text)")
      }
    }
    for entry in try Self.entries(name, "decoded") {
      #expect(codecs.target.decode(Self.ids(entry[0])) == entry[1].stringValue, "\(entry[0])")
    }
  }

  @Test func foldersSayWhatTheyAre() throws {
    #expect(BundleTaskKind(at: Self.folder("marian")) == .translate)
    let bundle = try TranslationBundle(contentsOf: Self.folder("marian"))
    #expect(bundle.model.sourceLength == 40 && bundle.model.contextLength == 40)
    #expect(bundle.codecs.target.endID == 0 && Int(bundle.codecs.target.beginID) == bundle.model.vocabularySize - 1)
    let tokenizer = try PretrainedFolder(Self.folder("marian")).tokenizer()
    #expect(TokenCodec.subwords(tokenizer) == bundle.codecs.source.codec)
    for name in ["marian", "marian-apart"] {
      let failure = #expect(throws: Failure.self) { try LanguageModelBundle(contentsOf: Self.folder(name)) }
      #expect(failure?.description.contains("'marian', a translation model") == true)
      let encoder = #expect(throws: Failure.self) { try PretrainedFolder(Self.folder(name)).encoderConfiguration() }
      #expect(encoder?.description.contains("an encoder (bert") == true)
    }
    let failure = #expect(throws: Failure.self) {
      try TranslationBundle(contentsOf: TestFiles.golden("pretrained-decoders/gpt2"))
    }
    #expect(failure?.description.contains("a translation model (marian) expected, found 'gpt2', a language") == true)
  }

  @Test(arguments: names) func aBundleOfOursKeepsEverything(_ name: String) throws {
    let bundle = try TranslationBundle(contentsOf: Self.folder(name))
    let golden = try Golden(name)
    try TestFiles.withDirectory { directory in
      try bundle.write(to: "\(directory)/bundle")
      let read = try TranslationBundle(contentsOf: "\(directory)/bundle")
      #expect(read.codecs == bundle.codecs && read.architecture == bundle.architecture)
      #expect(try Self.logits(read.model, golden).isIdentical(to: Self.logits(bundle.model, golden)))
    }
  }

  /// What files of other versions have besides, or have in the place of what is made here.
  @Test func filesOfOtherVersionsAreTheSame() throws {
    func scores(_ draft: HubFolderDraft) throws -> Tensor {
      try TestFiles.withDirectory { directory in
        try draft.write(to: directory)
        let model = try TranslationBundle(contentsOf: directory).model
        return try model.logits(sources: PackedTokens([[2, 3, 0]]), inputs: PackedTokens([[5, 4, 2]]))
      }
    }
    let plain = try scores(.marian)
    var former = HubFolderDraft.marian
    for name in ["lm_head", "model.encoder.embed_tokens", "model.decoder.embed_tokens"] {
      former.set(tensor: "\(name).weight", [6, 4])
    }
    for (key, value) in [
      ("normalize_before", "false"), ("static_position_embeddings", "true"), ("num_beams", "6"),
      ("bad_words_ids", "[[5]]"), ("decoder_vocab_size", "6"), ("extra_pos_embeddings", "6"),
    ] { try former.set(key, value) }
    #expect(try scores(former).isIdentical(to: plain))
    // The places of the file are read, and without a bias there is none.
    var placed = HubFolderDraft.marian
    placed.set(tensor: "model.decoder.embed_positions.weight", [6, 4])
    #expect(try !scores(placed).isIdentical(to: plain))
    var unbiased = HubFolderDraft.marian
    unbiased.remove(tensor: "final_logits_bias")
    var zeros = HubFolderDraft.marian
    zeros.set(tensor: "final_logits_bias", [1, 6], filler: 0)
    #expect(try scores(unbiased).isIdentical(to: scores(zeros)) && !scores(zeros).isIdentical(to: plain))
  }

  @Test(arguments: names) func theProgramTranslates(_ name: String) throws {
    let entries = try Self.entries(name, "translations")
    let (sources, texts) = (entries.compactMap { $0[0].stringValue }, entries.compactMap { $0[2].stringValue })
    let target = try TranslationBundle(contentsOf: Self.folder(name)).codecs.target
    try Sandbox.with { sandbox in
      func run(_ arguments: [String]) throws -> ProgramResult {
        let result = try Program.run(arguments, in: sandbox.path)
        try #require(result.code == 0, "\(arguments): \(result)")
        return result
      }
      let search = ["--beam", "1", "--maximum-length", "12"] + sources
      let greedy = try run(["translate", Self.folder(name)] + search)
      #expect(greedy.outputLines == texts)
      let objects = try AttendTests.objects(try run(["translate", Self.folder(name), "--json"] + search))
      for (object, entry) in zip(objects, entries) {
        let translation = try #require(object["translations"]?.arrayValue?.first?.objectValue)
        let isComplete = translation["isComplete"] == .boolean(true)
        let ids = Self.ids(entry[1])
        #expect(isComplete == (ids.count < 12))
        let tokens = translation["tokens"]?.arrayValue?.compactMap(\.stringValue)
        #expect(tokens == target.tokens(ids + (isComplete ? [target.endID] : [])), "\(object)")
      }
      // As a bundle of ours it writes the same, and a beam is no worse.
      _ = try run(["weights", "import", "hub", Self.folder(name), "--out", "bundle"])
      #expect(try run(["translate", "bundle"] + search).output == greedy.output)
      #expect(try run(["translate", Self.folder(name), "--beam", "4"] + sources).outputLines.count == sources.count)
    }
  }

  @Test(arguments: names) func theProgramMeasuresAndShows(_ name: String) throws {
    let pairs = try Self.entries(name, "pairs")
    let expected = try #require(try Self.texts(name)["pairLoss"]?.doubleValue)
    try Sandbox.with { sandbox in
      for (side, file) in ["pairs.en", "pairs.de"].enumerated() {
        try sandbox.write(pairs.map { ($0[side].stringValue ?? "") + "\n" }.joined(), file)
      }
      let measured = try Program.run(
        ["evaluate", Self.folder(name), "--data", "pairs.en,pairs.de", "--json"], in: sandbox.path)
      let loss = try #require(MainJobTests.json(measured).objectValue?["loss"]?.doubleValue)
      #expect(abs(loss - expected) < 1e-4 * expected)
      let commit = String(repeating: "0a", count: 20)
      for file in try InputFile.names(in: Self.folder(name)) {
        try sandbox.write(
          InputFile.contents(of: "\(Self.folder(name))/\(file)"), "hub/models--org--tiny/snapshots/\(commit)/\(file)")
      }
      try sandbox.write(commit, "hub/models--org--tiny/refs/main")
      let seen = try Program.run(
        ["attend", "hub:org/tiny", "The cat sleeps.", "Die Katze schläft.", "--json"], in: sandbox.path,
        environment: ["HF_HUB_CACHE": sandbox.place("hub")])
      let maps = try AttendTests.maps(try #require(try AttendTests.objects(seen).first))
      #expect(maps.count == (name == "marian" ? 4 : 6))
      for map in maps {
        let weights = try AttendTests.weights(map)
        #expect(weights.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-4 })
      }
      let long = String(repeating: "cat ", count: 100)
      let refused = try Program.run(["translate", Self.folder(name), long], in: sandbox.path)
      #expect(refused.code == 65 && refused.errorText.contains("at most 39 subwords"), "\(refused)")
    }
  }
}
