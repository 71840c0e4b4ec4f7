// Llama against transformers (Tests/Goldens/blocks.py): scores and all gradients.

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct LlamaGoldenTests {
  /// The goldens' models.
  private static func configuration(_ name: String) -> TransformerLanguageModelConfiguration {
    var configuration = TransformerLanguageModelConfiguration()
    var blocks = TransformerConfiguration.llama
    (configuration.vocabularySize, configuration.positions, configuration.isTied) = (11, .rotary, name == "llama-tied")
    (blocks.width, blocks.headCount, blocks.layerCount, blocks.feedForwardSize) = (12, 3, 2, 20)
    if name == "llama-tied" {
      (blocks.hasBias, blocks.activation, blocks.rotary) = (true, .gelu, RotaryPositions(base: 500))
    } else {
      blocks.keyHeadCount = 1
    }
    configuration.transformer = blocks
    return configuration
  }

  @Test(arguments: ["llama", "llama-tied"], [ElementType.float64, .float32])
  func scoresAndGradientsEqualTransformers(_ name: String, _ type: ElementType) throws {
    let path = TestFiles.golden("blocks.safetensors")
    let reader = try SafetensorsReader(path)
    let bound = type == .float64 ? 1e-10 : 1e-4
    var model = try TransformerLanguageModel(Self.configuration(name), key: RandomKey(seed: 0)).converted(to: type)
    try model.load(reader, prefix: "\(name)/parameter/", path: path)
    let prefix = "\(name)/parameter/"
    let stored = Set(reader.names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
    #expect(stored == Set(model.parameters.map(\.name)))
    func sequences(_ key: String) throws -> [[Int32]] {
      var rest = try reader.integers("\(name)/\(key)").map(Int32.init)[...]
      return try reader.integers("\(name)/lengths").map { length in
        defer { rest = rest.dropFirst(Int(length)) }
        return Array(rest.prefix(Int(length)))
      }
    }
    let tokens = PackedTokens(try sequences("ids"))
    let targets = PackedTokens(try sequences("targets")).ids.map { Int($0) }
    let lengths = try reader.integers("\(name)/lengths").map { Int($0) }
    let logits = Self.inCallersOrder(try model(tokens), lengths)
    let scores = Disagreement(logits, try reader.tensor("\(name)/logits"), relative: bound, absolute: bound)
    #expect(scores.isSmall, "\(scores)")
    let (loss, gradients) = try valueAndGradient(of: model) { try $0.loss(tokens, targets: targets, .inference) }
    #expect(abs(loss.scalar - (try reader.tensor("\(name)/loss").scalar)) < bound)
    for parameter in model.parameters {
      let expected = try reader.tensor("\(name)/gradient/\(parameter.name)")
      let found = try #require(gradients[parameter.name]?.dense)
      let disagreement = Disagreement(found, expected, relative: bound, absolute: bound)
      #expect(disagreement.isSmall, "\(parameter.name): \(disagreement)")
    }
  }

  /// Packed rows as one sequence after another.
  private static func inCallersOrder(_ rows: Tensor, _ lengths: [Int]) -> Tensor {
    let layout = PackedLayout(lengths: lengths)
    let order = lengths.indices.flatMap { sequence in
      let position = layout.order.firstIndex(of: sequence) ?? 0
      return (0..<lengths[sequence]).map { Int32(layout.row(step: $0, position: position)) }
    }
    return rows.gathered(order)
  }

  @Test func llamasSizesAreThePapers() {
    var configuration = TransformerLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.isTied) = (32_000, false)
    (configuration.positions, configuration.transformer) = (.rotary, .llama)
    // 6,738,415,616 weights, of which 65 norms of 4096 are vectors.
    #expect(configuration.leastWeightCount == 6_738_415_616 - 65 * 4096)
  }

  /// Without `transformer.rotary` the kind alone turns.
  @Test func rotaryPositionsAreTheBlocksWhereNothingElseIsSaid() throws {
    var named = Self.configuration("llama")
    named.transformer.rotary = nil
    var plain = named
    plain.positions = .none
    let tokens = PackedTokens([[1, 2, 3, 4]])
    func scores(_ configuration: TransformerLanguageModelConfiguration) throws -> Tensor {
      try TransformerLanguageModel(configuration, key: RandomKey(seed: 1))(tokens)
    }
    #expect(try scores(named).isIdentical(to: scores(Self.configuration("llama"))))
    #expect(try !scores(named).isIdentical(to: scores(plain)))
  }
}
