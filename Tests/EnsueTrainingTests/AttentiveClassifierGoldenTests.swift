// Classifiers with attention against their equations in PyTorch, and ten training steps of each
// (Tests/Goldens/attentive-classifiers.py).

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

@Suite struct AttentiveClassifierGoldenTests {
  private static let file = "attentive-classifiers.safetensors"
  private static let kinds: [ClassifierKind] = [.selfAttention, .multiHeadAttention, .hierarchical, .coAttention]

  @Test(arguments: kinds) func logitsAndGradientsEqualTheEquations(_ kind: ClassifierKind) throws {
    let name = kind.rawValue
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    let model = try Self.model(kind, reader).converted(to: .float64)
    let (tokens, targets) = try Self.batch(name, reader)
    let logits = Disagreement(
      model.base(tokens, .inference).doubles, try reader.tensor("\(name)/logits").doubles, relative: 1e-12,
      absolute: 1e-12)
    #expect(logits.isSmall, "\(logits)")
    let gradients = valueAndGradient(of: model) {
      crossEntropy(logits: $0.base(tokens, .inference), targets: targets)
    }.gradients
    for parameter in model.parameters {
      let golden = try reader.tensor("\(name)/gradient/\(parameter.name)").doubles
      let found = try #require(gradients[parameter.name]).dense.doubles
      let disagreement = Disagreement(found, golden, relative: 1e-11, absolute: 1e-11)
      #expect(disagreement.isSmall, "\(parameter.name): \(disagreement)")
    }
  }

  @Test(arguments: kinds) func tenStepsEqualPyTorchs(_ kind: ClassifierKind) throws {
    let name = kind.rawValue
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    let model = try Self.model(kind, reader)
    let prefix = "\(name)/final64/"
    let stored = reader.names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    #expect(Set(stored) == Set(model.parameters.map(\.name)))
    let (tokens, targets) = try Self.batch(name, reader)
    var optimizer = OptimizerConfiguration()
    optimizer.learningRate = 0.02
    // In double precision the steps are PyTorch's; in single precision Adam enlarges rounding (Goldens/README.md).
    for (type, lossBound, weightBound) in [(ElementType.float64, 1e-9, 1e-8), (.float32, 3e-6, 1e-4)] {
      var trainer = Trainer(
        model: model.converted(to: type), optimizer: Optimizer(optimizer), key: RandomKey(seed: 0))
      let losses = try (0..<10).map { _ in
        try trainer.step(on: [(batch: (), count: 1)]) { model, _, phase in
          crossEntropy(logits: model.base(tokens, phase), targets: targets)
        }.loss
      }
      let expected = try reader.tensor("\(name)/losses64").doubles
      let disagreement = Disagreement(losses, expected, relative: 0, absolute: lossBound)
      #expect(disagreement.isSmall, "\(type) losses \(disagreement)")
      for (parameter, tensor) in trainer.model.namedTensors {
        let golden = try reader.tensor(prefix + parameter).doubles
        // A key's bias changes no softmax: its gradient is 0 but for rounding, which Adam divides by its own size. In
        // single precision it may go anywhere within ten steps of 0.02.
        let isFree = type == .float32 && parameter.hasSuffix("key.bias")
        let difference = Disagreement(tensor.doubles, golden, relative: 0, absolute: isFree ? 0.2 : weightBound)
        #expect(difference.isSmall, "\(type) \(parameter): \(difference)")
      }
    }
  }

  private static func model(_ kind: ClassifierKind, _ reader: borrowing SafetensorsReader) throws -> AnyModel {
    var configuration = ClassifierConfiguration()
    (configuration.kind, configuration.vocabularySize, configuration.embeddingSize) = (kind, 14, 4)
    (configuration.headCount, configuration.feedForwardSize, configuration.maximumPositions) = (2, 6, 9)
    (configuration.hiddenSize, configuration.layerCount) = (3, kind.hasAttentiveBlocks ? 2 : 1)
    var model = AnyModel(base: try kind.makeClassifier(configuration, key: RandomKey(seed: 0)))
    try model.load(reader, prefix: "\(kind.rawValue)/initial/", path: file)
    return model
  }

  private static func batch(
    _ name: String, _ reader: borrowing SafetensorsReader
  ) throws -> (tokens: PackedTokens, targets: [Int]) {
    let ids = try reader.integers("\(name)/ids")
    let lengths = try reader.integers("\(name)/lengths").map { Int($0) }
    let width = ids.count / lengths.count
    let sequences = lengths.enumerated().map { row, length in (0..<length).map { Int32(ids[row * width + $0]) } }
    return (PackedTokens(sequences), try reader.integers("\(name)/targets").map { Int($0) })
  }
}

private struct AnyModel: Module {
  var base: any TextClassifier
  mutating func visit(_ visitor: inout ParameterVisitor) { base.visit(&visitor) }
}
