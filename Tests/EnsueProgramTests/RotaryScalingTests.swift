// Llamas with stretched rotary positions, as transformers writes them (Tests/Goldens/rotary-scaling.py), and the ends that
// files name.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct RotaryScalingTests {
  private static func folder(_ name: String) -> String { TestFiles.golden("rotary-scaling/\(name)") }

  private static func logits(_ bundle: LanguageModelBundle, _ name: String) throws -> (found: Tensor, golden: Tensor) {
    let reader = try SafetensorsReader(TestFiles.golden("rotary-scaling.safetensors"))
    let ids = try reader.integers("\(name)/ids").map { Int32($0) }
    return (try bundle.model.scores(PackedTokens([ids])).logits, try reader.tensor("\(name)/logits"))
  }

  @Test(arguments: ["linear", "llama3"]) func scoresAreTransformers(_ name: String) throws {
    let bundle = try LanguageModelBundle(contentsOf: Self.folder(name))
    let (found, golden) = try Self.logits(bundle, name)
    let disagreement = Disagreement(found, golden, relative: 1e-4, absolute: 1e-5)
    #expect(disagreement.isSmall, "\(disagreement)")
    // A bundle of ours keeps the scaling, and without it the scores are others.
    try TestFiles.withDirectory { directory in
      try bundle.write(to: "\(directory)/bundle")
      let read = try LanguageModelBundle(contentsOf: "\(directory)/bundle")
      #expect(read.architecture == bundle.architecture && read.endIDs == bundle.endIDs)
      #expect(try Self.logits(read, name).found.isIdentical(to: found))
    }
    guard case .transformer(var configuration) = bundle.architecture else { throw Failure(.internal, "no Transformer") }
    configuration.transformer.rotary?.scaling = nil
    var plain = try TransformerLanguageModel(loading: configuration, nil)
    try plain.take(NamedTensors(bundle.model.namedTensors))
    let other = LanguageModelBundle(
      codec: bundle.codec, architecture: .transformer(configuration), model: .transformer(plain))
    #expect(!Disagreement(try Self.logits(other, name).found, golden, relative: 1e-2, absolute: 1e-2).isSmall)
  }

  /// generation_config.json before config.json, one id or several; ids that the tokenizer has not are no ends.
  @Test func filesNameTheEnds() throws {
    #expect(try LanguageModelBundle(contentsOf: Self.folder("llama3")).endIDs == [4, 7])
    #expect(try LanguageModelBundle(contentsOf: Self.folder("linear")).endIDs == [4])
    for (config, generation, ends) in [
      (nil, nil, [3]), ("1", nil, [1]), ("[2, 1]", nil, [2, 1]), ("1", "[0, 2]", [0, 2]), ("1", "null", [1]),
      ("50256", nil, [3]), ("[50256, 2]", nil, [2]),
    ] as [(String?, String?, [Int32])] {
      try TestFiles.withDirectory { directory in
        var draft = HubFolderDraft.gpt2
        if let config { try draft.set("eos_token_id", config) }
        if let generation { draft.put("{\"eos_token_id\": \(generation)}", "generation_config.json") }
        try draft.write(to: directory)
        let bundle = try LanguageModelBundle(contentsOf: directory)
        #expect(bundle.endIDs == ends, "\(config ?? "none"), \(generation ?? "none")")
      }
    }
  }

  /// Through the program: the text stops where one of them is drawn.
  @Test func aTextStopsAtEachEnd() throws {
    try Sandbox.with { sandbox in
      func texts(_ ends: String) throws -> [Substring] {
        var draft = HubFolderDraft.gpt2
        try draft.set("eos_token_id", ends)
        try draft.write(to: sandbox.place("model"))
        let result = try Program.run("generate model --prompt ab --length 4 --samples 40", in: sandbox.path)
        try #require(result.code == 0, "\(result)")
        return result.outputLines.map { $0.dropFirst(2) }
      }
      // 3 alone leaves a and b; with all but a as ends, only that is written.
      let (whole, short) = (try texts("3"), try texts("[1, 2, 3]"))
      #expect(whole.count == 40 && whole.contains { $0.contains("b") }, "\(whole)")
      #expect(short.count == 40 && !short.contains { $0.contains("b") }, "\(short)")
    }
  }

  @Test func aMistralThatDoesNotSayItsKeyHeadsHasEight() throws {
    let text = """
      {"vocab_size": 4, "max_position_embeddings": 6, "hidden_size": 64, "intermediate_size": 4,
       "num_hidden_layers": 1, "num_attention_heads": 16}
      """
    var config = try #require(JSONValue.parse(Array(text.utf8), name: "config").objectValue)
    func count(_ family: DecoderFamilyKind) throws -> Int? {
      try family.configuration(config, path: "config.json").transformer.keyHeadCount
    }
    #expect(try count(.mistral) == 8 && count(.llama) == 16)
    config["num_key_value_heads"] = .null
    #expect(try count(.mistral) == 16)
  }
}
