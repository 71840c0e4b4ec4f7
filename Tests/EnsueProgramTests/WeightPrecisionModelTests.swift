// Models with weights in bfloat16: scores and continuations of transformers with rounded matrices
// (Tests/Goldens/bf16-weights.py), one sequence and many, bundles, encoders, the program, and what is refused.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct WeightPrecisionModelTests {
  private static func bundle(_ name: String, _ precision: WeightPrecisionKind? = .bf16) throws -> LanguageModelBundle {
    try LanguageModelBundle(contentsOf: PretrainedDecoderTests.folder(name), precision: precision)
  }

  private static func ids(_ name: String, _ file: String = "pretrained-decoders") throws -> [Int32] {
    try SafetensorsReader(TestFiles.golden("\(file).safetensors")).integers(name).map(Int32.init)
  }

  /// The sequences of the goldens.
  private static func sequences(_ name: String) throws -> [[Int32]] {
    var rest = try ids("\(name)/ids")[...]
    return try ids("\(name)/lengths").map { length in
      defer { rest = rest.dropFirst(Int(length)) }
      return Array(rest.prefix(Int(length)))
    }
  }

  private static func scores(_ model: AnyLanguageModel, _ sequences: [[Int32]]) throws -> Tensor {
    concatenated(try sequences.map { try model.scores(PackedTokens([$0])).logits }, axis: 0)
  }

  @Test(arguments: PretrainedDecoderTests.names)
  func scoresAreTransformersOfRoundedWeights(_ name: String) throws {
    let reader = try SafetensorsReader(TestFiles.golden("bf16-weights.safetensors"))
    let (model, sequences) = (try Self.bundle(name).model, try Self.sequences(name))
    let found = try Self.scores(model, sequences)
    let disagreement = Disagreement(found, try reader.tensor("\(name)/logits"), relative: 1e-4, absolute: 1e-5)
    #expect(disagreement.isSmall, "\(disagreement)")
    // A checkpoint in bfloat16 loses nothing; another one does.
    let full = try Self.scores(Self.bundle(name, .full).model, sequences)
    #expect(found.isIdentical(to: full) == (name == "llama-bf16"))
    #expect(full.isIdentical(to: try Self.scores(Self.bundle(name, nil).model, sequences)))
  }

  @Test(arguments: PretrainedDecoderTests.names)
  func continuationsAreTransformersAloneAndInABatch(_ name: String) throws {
    let (model, prompt) = (try Self.bundle(name).model.prepared(), try Self.ids("\(name)/prompt"))
    let golden = try Self.ids("\(name)/greedy", "bf16-weights")
    var memories = [1, 8].map { model.makeMemory(batchSize: $0) }
    var (read, written) = (prompt, [Int32]())
    while written.count < golden.count {
      let alone = try model.next(PackedTokens([read]), &memories[0])
      // Seven others beside it, of other ids.
      let others = (1..<8).map { shift in read.map { ($0 + Int32(shift)) % Int32(model.vocabularySize) } }
      let batch = try model.next(PackedTokens([read] + others), &memories[1])
      #expect(batch.sliced(0..<1, axis: 0).isIdentical(to: alone), "id \(written.count)")
      let scores = alone.floats
      written.append(Int32(scores.indices.max { scores[$0] < scores[$1] } ?? 0))
      read = [written[written.count - 1]]
    }
    #expect(written == golden)
  }

  @Test(arguments: PretrainedDecoderTests.names)
  func aBundleOfOursIsReadInBf16(_ name: String) throws {
    try TestFiles.withDirectory { directory in
      try Self.bundle(name, nil).write(to: "\(directory)/bundle")
      let read = try LanguageModelBundle(contentsOf: "\(directory)/bundle", precision: .bf16)
      let (sequences, theirs) = (try Self.sequences(name), try Self.bundle(name))
      let (a, b) = (try Self.scores(read.model, sequences), try Self.scores(theirs.model, sequences))
      #expect(a.isIdentical(to: b))
      // Written again, it is the rounded model.
      try read.write(to: "\(directory)/rounded")
      let rounded = try LanguageModelBundle(contentsOf: "\(directory)/rounded")
      #expect(try Self.scores(rounded.model, sequences).isIdentical(to: a))
    }
  }

  /// Maps and the table of words are rounded, places, types, norms and biases are not.
  @Test(arguments: EncoderFamilyKind.allCases)
  func encodersAreThoseOfRoundedMatrices(_ family: EncoderFamilyKind) throws {
    let folder = try PretrainedFolder(TestFiles.golden("pretrained-encoders/\(family.rawValue)"))
    var rounded = try folder.encoderModel(head: .classification).model
    let plain = rounded
    rounded.forEachParameter { name, tensor, _ in
      if tensor.shape.rank == 2, !name.contains("positions"), !name.contains("types") {
        tensor = PackedMatrix(tensor, transposed: true, .bf16).transpose
      }
    }
    let input = EncoderInput([[3, 5, 2, 7], [4], [6, 6, 8]])
    let found = try folder.encoderModel(head: .classification, .bf16).model(input)
    #expect(try found.isIdentical(to: rounded(input)))
    #expect(try !found.isIdentical(to: plain(input)))
    #expect(try folder.encoderModel(head: .classification, .full).model(input).isIdentical(to: plain(input)))
  }

  @Test func theProgramTakesThePrecision() throws {
    try Sandbox.with { sandbox in
      let folder = PretrainedDecoderTests.folder("llama-bf16")
      func run(_ words: [String]) throws -> String {
        let result = try Program.run(words, in: sandbox.path)
        try #require(result.code == 0, "\(result)")
        return result.outputText
      }
      let writing = ["generate", folder, "--prompt", "The film", "--length", "12", "--temperature", "0"]
      // These weights have 8 bits.
      #expect(try run(writing + ["--precision", "bf16"]) == run(writing))
      let searching = Array(writing.dropLast(2)) + ["--beam", "2"]
      #expect(try run(searching + ["--precision", "bf16"]) == run(searching))
      try TinyEncoder.write(labels: ["neg", "pos"], to: sandbox.place("encoder"))
      let measuring = ["evaluate", "encoder", "--data", "data.tsv", "--json", "--precision"]
      let values = try ["float32", "bf16"].map { precision in
        let result = try Program.run(measuring + [precision], in: sandbox.path)
        return try #require(try MainJobTests.json(result).objectValue?["loss"]?.doubleValue)
      }
      #expect(values[0] != values[1] && abs(values[0] - values[1]) < 0.01, "\(values)")
      #expect(try run(["predict", "encoder", "it was good", "--precision", "bf16"]).contains("it was good"))
    }
  }

  /// A translator's maps are rounded too: other numbers, near those of 32 bits.
  @Test(arguments: PretrainedTranslatorTests.names) func translatorsMayHaveThem(_ name: String) throws {
    let folder = PretrainedTranslatorTests.folder(name)
    let whole = try TranslationBundle(contentsOf: folder)
    let rounded = try whole.prepared(.bf16, at: folder)
    let (sources, inputs) = (PackedTokens([[4, 5, 0], [7, 0]]), PackedTokens([[5, 4, 6], [8]]))
    let a = try whole.model.logits(sources: sources, inputs: inputs)
    let b = try rounded.model.logits(sources: sources, inputs: inputs)
    #expect(!a.isIdentical(to: b))
    let disagreement = Disagreement(b, a, relative: 0.05, absolute: 0.2)
    #expect(disagreement.isSmall, "\(disagreement)")
    try Sandbox.with { sandbox in
      let result = try Program.run(
        ["translate", folder, "The cat sleeps.", "It rains", "--precision", "bf16", "--quiet"], in: sandbox.path)
      #expect(result.code == 0 && result.outputLines.count == 2, "\(result)")
      let run = try TranslatingRun.shared.get().path
      let refused = try Program.run(["translate", run, "a", "--precision", "bf16"], in: sandbox.path)
      #expect(refused.code == 78 && refused.errorText.contains("a Transformer that writes"), "\(refused)")
    }
  }

  private static let bad: [BadCase] = [
    BadCase("a recurrent model", "generate run --precision bf16", 78, "Transformer", "bf16", "LSTM") {
      try $0.addLanguageRun()
    },
    BadCase("a classifier of our own", "evaluate run --precision bf16", 78, "pre-trained", "bf16") { try $0.addRun() },
    BadCase("sentences by it", "predict run good --precision bf16", 78, "pre-trained", "bf16") { try $0.addRun() },
    BadCase("what is no precision", "generate run --precision bf8", 64, "--precision", "bf8", "bf16"),
    BadCase(
      "a model that learns",
      "evaluate \(PretrainedDecoderTests.folder("gpt2")) --data data.tsv --dynamic-rate 0.1"
        + " --precision bf16", 64, "--dynamic-rate", "bf16"),
    BadCase("training", "train classify --from encoder --data data.tsv --out run --precision bf16", 64, "precision"),
  ]

  @Test(arguments: bad) func badRequestsGiveOneLine(_ entry: BadCase) throws { try entry.check() }
}
