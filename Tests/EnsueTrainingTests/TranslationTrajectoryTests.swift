// Two small Transformers that translate against PyTorch's: scores, attention, ten training steps
// (Tests/Goldens/translation-training.py).

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

@Suite struct TranslationTrajectoryTests {
  private static let file = "translation-training.safetensors"

  private func model(
    _ name: String, _ reader: borrowing SafetensorsReader,
    _ change: (inout TransformerTranslatorConfiguration) -> Void
  ) throws -> TransformerTranslator {
    var configuration = TransformerTranslatorConfiguration()
    (configuration.transformer.width, configuration.transformer.headCount) = (8, 2)
    (configuration.transformer.layerCount, configuration.transformer.feedForwardSize) = (2, 12)
    (configuration.transformer.dropout, configuration.embeddingDropout) = (0, 0)
    change(&configuration)
    var model = try TransformerTranslator(configuration, key: RandomKey(seed: 0))
    try model.load(reader, prefix: "\(name)/initial/", path: Self.file)
    return model
  }

  private func post(_ reader: borrowing SafetensorsReader) throws -> TransformerTranslator {
    try model("post", reader) { ($0.sourceVocabularySize, $0.targetVocabularySize) = (13, 11) }
  }

  private func pre(_ reader: borrowing SafetensorsReader) throws -> TransformerTranslator {
    try model("pre", reader) {
      ($0.sourceVocabularySize, $0.targetVocabularySize, $0.sharesEmbeddings) = (12, 12, true)
      ($0.isTied, $0.hasOutputBias) = (false, true)
      ($0.transformer.norm, $0.transformer.hasFinalNorm, $0.transformer.activation) = (.pre, true, .gelu)
    }
  }

  @Test func postNormIsPyTorchs() throws {
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    let pairs = try GoldenPairs("post", reader)
    try checkReading("post", try post(reader), pairs, reader)
    var optimizer = OptimizerConfiguration()
    optimizer.learningRate = 0.01
    try checkTraining("post", try post(reader), pairs, optimizer, labelSmoothing: 0, reader)
  }

  @Test func preNormIsPyTorchs() throws {
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    let pairs = try GoldenPairs("pre", reader)
    try checkReading("pre", try pre(reader), pairs, reader)
    var optimizer = OptimizerConfiguration()
    (optimizer.kind, optimizer.learningRate, optimizer.weightDecay) = (.adamw, 0.01, 0.1)
    try checkTraining("pre", try pre(reader), pairs, optimizer, labelSmoothing: 0.1, reader)
  }

  private func checkReading(
    _ name: String, _ model: TransformerTranslator, _ pairs: GoldenPairs, _ reader: borrowing SafetensorsReader
  ) throws {
    let model = model.converted(to: .float64)
    let logits = try model.logits(sources: pairs.sources, inputs: pairs.inputs)
    let difference = Disagreement(
      logits, try reader.tensor("\(name)/logits").gathered(pairs.rows.map(Int32.init)), relative: 1e-11,
      absolute: 1e-11)
    #expect(difference.isSmall, "\(name): \(difference)")
    let heads = try model.attention(sources: pairs.sources, inputs: pairs.inputs)
    #expect(heads.count == 4)
    for (head, sequences) in heads.enumerated() {
      let golden = try reader.tensor("\(name)/cross/\(head / 2)")
      let (values, shape) = (golden.doubles, golden.shape)
      for (sequence, steps) in sequences.enumerated() {
        for (step, weights) in steps.enumerated() {
          let row = (sequence * shape[1] + head % 2) * shape[2] + step
          let expected = Array(values[row * shape[3]..<row * shape[3] + weights.count])
          #expect(Disagreement(weights.map(Double.init), expected, relative: 0, absolute: 1e-7).isSmall)
        }
      }
    }
  }

  private func checkTraining(
    _ name: String, _ model: TransformerTranslator, _ pairs: GoldenPairs, _ optimizer: OptimizerConfiguration,
    labelSmoothing: Double, _ reader: borrowing SafetensorsReader
  ) throws {
    let prefix = "\(name)/final64/"
    let stored = reader.names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    #expect(Set(stored) == Set(model.parameters.map(\.name)))
    // In double precision the steps are PyTorch's; in single precision Adam enlarges rounding (Goldens/README.md), here
    // of a scale whose gradient is small.
    for (type, lossBound, weightBound) in [(ElementType.float64, 1e-9, 1e-8), (.float32, 3e-6, 5e-3)] {
      var trainer = Trainer(model: model.converted(to: type), optimizer: Optimizer(optimizer), key: RandomKey(seed: 0))
      let losses = try (0..<10).map { _ in
        try trainer.step(on: [(batch: (), count: 1)]) { model, _, phase in
          try model.loss(
            sources: pairs.sources, inputs: pairs.inputs, targets: pairs.targets, labelSmoothing: labelSmoothing, phase)
        }.loss
      }
      let disagreement = Disagreement(
        losses, try reader.tensor("\(name)/losses64").doubles, relative: 0, absolute: lossBound)
      #expect(disagreement.isSmall, "\(type) losses \(disagreement)")
      #expect(losses[9] < losses[0])
      for (parameter, tensor) in trainer.model.namedTensors {
        // A key's bias changes no softmax: its gradient is 0 but for rounding, which Adam divides by its own size.
        let isFree = type == .float32 && parameter.hasSuffix("key.bias")
        let difference = Disagreement(
          tensor.doubles, try reader.tensor(prefix + parameter).doubles, relative: 0,
          absolute: isFree ? 0.1 : weightBound)
        #expect(difference.isSmall, "\(type) \(parameter): \(difference)")
      }
    }
  }
}
