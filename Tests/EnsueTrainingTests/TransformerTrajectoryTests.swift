// Ten training steps of two small Transformers against PyTorch's (Tests/Goldens/transformer-training.py).

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

@Suite struct TransformerTrajectoryTests {
  private static let file = "transformer-training.safetensors"

  @Test func tenStepsOfAClassifierEqualPyTorchs() throws {
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    var configuration = ClassifierConfiguration()
    (configuration.kind, configuration.vocabularySize, configuration.embeddingSize) = (.transformer, 20, 6)
    (configuration.headCount, configuration.layerCount, configuration.feedForwardSize) = (2, 2, 10)
    configuration.maximumPositions = 9
    var model = Boxed(base: try ClassifierKind.transformer.makeClassifier(configuration, key: RandomKey(seed: 0)))
    try model.load(reader, prefix: "classifier/initial/", path: Self.file)
    var optimizer = OptimizerConfiguration()
    optimizer.learningRate = 0.01
    let targets = try reader.integers("classifier/targets").map { Int($0) }
    let tokens = PackedTokens(try sequences("classifier", reader))
    try check("classifier", model, optimizer, reader) { model, phase in
      crossEntropy(logits: model.base(tokens, phase), targets: targets)
    }
  }

  @Test func tenStepsOfALanguageModelEqualPyTorchs() throws {
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    var configuration = TransformerLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.contextLength) = (12, 9)
    (configuration.transformer.width, configuration.transformer.headCount) = (8, 2)
    (configuration.transformer.layerCount, configuration.transformer.feedForwardSize) = (2, 32)
    (configuration.transformer.dropout, configuration.transformer.attentionDropout) = (0, 0)
    var model = try TransformerLanguageModel(configuration, key: RandomKey(seed: 0))
    try model.load(reader, prefix: "gpt/initial/", path: Self.file)
    var optimizer = OptimizerConfiguration()
    (optimizer.kind, optimizer.learningRate, optimizer.weightDecay) = (.adamw, 0.01, 0.1)
    let ids = try sequences("gpt", reader)
    let tokens = PackedTokens(ids)
    let targets = packed(try reader.integers("gpt/targets").map { Int($0) }, ids.map(\.count), tokens.layout)
    try check("gpt", model, optimizer, reader) { try $0.loss(tokens, targets: targets, $1) }
  }

  private func check<Model: Module>(
    _ name: String, _ model: Model, _ optimizer: OptimizerConfiguration, _ reader: borrowing SafetensorsReader,
    loss: (Model, Phase) throws -> Tensor
  ) throws {
    let prefix = "\(name)/final64/"
    let stored = reader.names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    #expect(Set(stored) == Set(model.parameters.map(\.name)))
    // In double precision the steps are PyTorch's; in single precision Adam enlarges rounding (Goldens/README.md).
    for (type, lossBound, weightBound) in [(ElementType.float64, 1e-9, 1e-8), (.float32, 3e-6, 1e-4)] {
      var trainer = Trainer(
        model: model.converted(to: type), optimizer: Optimizer(optimizer), key: RandomKey(seed: 0))
      let losses = try (0..<10).map { _ in
        try trainer.step(on: [(batch: (), count: 1)]) { model, _, phase in try loss(model, phase) }.loss
      }
      let expected = try reader.tensor("\(name)/losses64").doubles
      let disagreement = Disagreement(losses, expected, relative: 0, absolute: lossBound)
      #expect(disagreement.isSmall, "\(type) losses \(disagreement)")
      #expect(losses[9] < losses[0])
      for (parameter, tensor) in trainer.model.namedTensors {
        let golden = try reader.tensor(prefix + parameter).doubles
        // A key's bias changes no softmax: its gradient is 0 but for rounding, which Adam divides by its own size. In
        // single precision it may go anywhere within ten steps of 0.01.
        let isFree = type == .float32 && parameter.hasSuffix("key.bias")
        let difference = Disagreement(
          tensor.doubles, golden, relative: 0, absolute: isFree ? 0.1 : weightBound)
        #expect(difference.isSmall, "\(type) \(parameter): \(difference)")
      }
    }
  }

  private func sequences(_ name: String, _ reader: borrowing SafetensorsReader) throws -> [[Int32]] {
    let ids = try reader.integers("\(name)/ids")
    let lengths = try reader.integers("\(name)/lengths").map { Int($0) }
    let width = ids.count / lengths.count
    return lengths.enumerated().map { row, length in (0..<length).map { Int32(ids[row * width + $0]) } }
  }

  /// Values of one sequence after another, in the order of the packed rows.
  private func packed(_ values: [Int], _ lengths: [Int], _ layout: PackedLayout) -> [Int] {
    let starts = lengths.indices.map { lengths[..<$0].reduce(0, +) }
    return (0..<layout.stepCount).flatMap { step in
      (0..<layout.aliveCount(at: step)).map { values[starts[layout.order[$0]] + step] }
    }
  }
}

private struct Boxed: Module {
  var base: any TextClassifier
  mutating func visit(_ visitor: inout ParameterVisitor) { base.visit(&visitor) }
}
