// GPT-2, Llama and Mistral as transformers writes them (Tests/Goldens/pretrained-decoders.py): every score, what they write,
// cached steps, and the way into a bundle of our own and out of the program.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueText
import Testing

@Suite struct PretrainedDecoderTests {
  static let names = ["gpt2", "gpt2-shards", "llama", "llama-bf16", "mistral"]

  static func folder(_ name: String) -> String { TestFiles.golden("pretrained-decoders/\(name)") }

  private struct Golden {
    let sequences: [[Int32]]
    /// One sequence after another.
    let logits: Tensor
    let prompt, greedy: [Int32]

    init(_ name: String) throws {
      let reader = try SafetensorsReader(TestFiles.golden("pretrained-decoders.safetensors"))
      func ids(_ key: String) throws -> [Int32] { try reader.integers("\(name)/\(key)").map(Int32.init) }
      var rest = try ids("ids")[...]
      sequences = try ids("lengths").map { length in
        defer { rest = rest.dropFirst(Int(length)) }
        return Array(rest.prefix(Int(length)))
      }
      logits = try reader.tensor("\(name)/logits")
      (prompt, greedy) = (try ids("prompt"), try ids("greedy"))
    }
  }

  /// Scores of some sequences, one after another.
  private static func scores(_ model: AnyLanguageModel, _ sequences: [[Int32]]) throws -> Tensor {
    concatenated(try sequences.map { try model.scores(PackedTokens([$0])).logits }, axis: 0)
  }

  @Test(arguments: names)
  func scoresAreTransformers(_ name: String) throws {
    let golden = try Golden(name)
    let model = try LanguageModelBundle(contentsOf: Self.folder(name)).model
    let found = try Self.scores(model, golden.sequences)
    let disagreement = Disagreement(found, golden.logits, relative: 1e-4, absolute: 1e-5)
    #expect(disagreement.isSmall, "\(disagreement)")
    // Batched, the rows have the same bits.
    let tokens = PackedTokens(golden.sequences)
    let batched = try model.scores(tokens).logits
    var row = 0
    for (sequence, ids) in golden.sequences.enumerated() {
      let position = try #require(tokens.layout.order.firstIndex(of: sequence))
      for step in ids.indices {
        let other = tokens.layout.row(step: step, position: position)
        #expect(
          batched.sliced(other..<other + 1, axis: 0).isIdentical(to: found.sliced(row..<row + 1, axis: 0)))
        row += 1
      }
    }
  }

  @Test(arguments: names)
  func stepsWithACacheAreTheWhole(_ name: String) throws {
    let golden = try Golden(name)
    let model = try LanguageModelBundle(contentsOf: Self.folder(name)).model
    for ids in golden.sequences {
      let whole = try Self.scores(model, [ids])
      var memory = model.makeMemory(batchSize: 1)
      for (step, id) in ids.enumerated() {
        let next = try model.next(PackedTokens([[id]]), &memory)
        #expect(next.isIdentical(to: whole.sliced(step..<step + 1, axis: 0)), "step \(step)")
      }
    }
  }

  @Test(arguments: names)
  func theLikeliestContinuationIsTransformers(_ name: String) throws {
    let golden = try Golden(name)
    let model = try LanguageModelBundle(contentsOf: Self.folder(name)).model.prepared()
    var memory = model.makeMemory(batchSize: 1)
    var (read, written): ([Int32], [Int32]) = (golden.prompt, [])
    while written.count < golden.greedy.count {
      let scores = try model.next(PackedTokens([read]), &memory).floats
      let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
      written.append(Int32(best))
      read = [Int32(best)]
    }
    #expect(written == golden.greedy)
  }

  @Test(arguments: names)
  func aBundleOfOursKeepsEverything(_ name: String) throws {
    let bundle = try LanguageModelBundle(contentsOf: Self.folder(name))
    try TestFiles.withDirectory { directory in
      try bundle.write(to: "\(directory)/bundle")
      let read = try LanguageModelBundle(contentsOf: "\(directory)/bundle")
      #expect(read.codec == bundle.codec && read.architecture == bundle.architecture)
      #expect(read.beginning == bundle.beginning)
      let tokens = PackedTokens([[1, 2, 0, 1], [2, 1]])
      let (a, b) = (try bundle.model.scores(tokens).logits, try read.model.scores(tokens).logits)
      #expect(a.isIdentical(to: b))
    }
  }

  @Test func foldersSayWhatTheyAre() throws {
    let gpt = try PretrainedFolder(Self.folder("gpt2"))
    #expect(try gpt.modelType == "gpt2" && gpt.maximumLength == 48 && gpt.labels == nil)
    #expect(BundleTaskKind(at: Self.folder("gpt2")) == .language)
    // The window, not the positions.
    #expect(try PretrainedFolder(Self.folder("mistral")).maximumLength == 12)
    #expect(try LanguageModelBundle(contentsOf: Self.folder("mistral")).model.contextLength == 12)
    // <s> stands before a Llama's prompts, and nothing before a GPT-2's.
    #expect(try LanguageModelBundle(contentsOf: Self.folder("llama")).beginning == [1])
    #expect(try LanguageModelBundle(contentsOf: Self.folder("gpt2")).beginning.isEmpty)
    // Three rows more than the tokenizer has ids.
    let shards = try LanguageModelBundle(contentsOf: Self.folder("gpt2-shards"))
    #expect(shards.codec.vocabularySize + 3 == shards.architecture.vocabularySize)
  }

  private static func scores(_ draft: HubFolderDraft) throws -> Tensor {
    try TestFiles.withDirectory { directory in
      try draft.write(to: directory)
      return try LanguageModelBundle(contentsOf: directory).model.scores(PackedTokens([[0, 1, 2, 3], [3]])).logits
    }
  }

  /// What files of other versions have besides, leave out, or call otherwise, changes nothing.
  @Test func filesOfOtherVersionsAreTheSame() throws {
    let gpt = try Self.scores(.gpt2)
    var plain = HubFolderDraft.gpt2
    plain.tensors = plain.tensors.map { (String($0.name.dropFirst("transformer.".count)), $0.tensor) }
    plain.set(tensor: "h.0.attn.bias", [1, 1, 6, 6])
    plain.set(tensor: "h.0.attn.masked_bias", [])
    plain.set(tensor: "lm_head.weight", [4, 4])
    #expect(try Self.scores(plain).isIdentical(to: gpt))
    let llama = try Self.scores(.llama)
    var former = HubFolderDraft.llama
    former.set(tensor: "model.layers.0.self_attn.rotary_emb.inv_freq", [2])
    for (key, value) in [
      ("rope_theta", "10000.0"), ("rope_scaling", "null"), ("head_dim", "4"), ("pretraining_tp", "1"),
      ("rms_norm_eps", "1e-06"),
    ] { try former.set(key, value) }
    #expect(try Self.scores(former).isIdentical(to: llama))
    var other = HubFolderDraft.llama
    try other.set("rope_parameters", #"{"rope_type": "default", "rope_theta": 20.0}"#)
    #expect(try !Self.scores(other).isIdentical(to: llama))
    // A first Mistral, which does not say its window.
    var mistral = HubFolderDraft.llama
    try mistral.set("model_type", #""mistral""#)
    #expect(try Self.scores(mistral).isIdentical(to: llama))
  }

  /// The program: text from a folder, a text measured, a folder made into a bundle; the three agree.
  @Test(arguments: names)
  func theProgramTakesTheFolder(_ name: String) throws {
    try Sandbox.with { sandbox in
      func run(_ arguments: [String]) throws -> String {
        let result = try Program.run(arguments, in: sandbox.path)
        try #require(result.code == 0, "\(arguments): \(result)")
        return result.outputText
      }
      try sandbox.write("The film was good, and the plot was not bad at all.\n", "text")
      _ = try run(["weights", "import", "hub", Self.folder(name), "--out", "bundle"])
      let writing = ["--prompt", "The film", "--length", "6", "--temperature", "0"]
      let text = try run(["generate", Self.folder(name)] + writing)
      #expect(try text == run(["generate", "bundle"] + writing))
      #expect(text.hasPrefix("The film"))
      let measured = try run(["evaluate", Self.folder(name), "--data", "text"])
      #expect(try measured.contains("perplexity") && measured == run(["evaluate", "bundle", "--data", "text"]))
    }
  }
}
