// Whole recurrent encoder–decoders against PyTorch's, a pair and a step at a time: scores, loss, the gradients of all
// weights, ten training steps (Tests/Goldens/recurrent-translators.py).

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

@Suite struct RecurrentTranslatorTrajectoryTests {
  /// A model of the golden and how it is trained.
  struct Subject: Sendable {
    let name: String
    let configuration: RecurrentTranslatorConfiguration
    let optimizer: OptimizerConfiguration

    init(
      _ name: String, _ kind: OptimizerKind, _ rate: Double, weightDecay: Double = 0,
      _ change: (inout RecurrentTranslatorConfiguration) -> Void
    ) {
      var configuration = RecurrentTranslatorConfiguration()
      (configuration.sourceVocabularySize, configuration.targetVocabularySize) = (7, 6)
      (configuration.embeddingSize, configuration.hiddenSize) = (3, 4)
      change(&configuration)
      var optimizer = OptimizerConfiguration()
      (optimizer.kind, optimizer.learningRate, optimizer.weightDecay) = (kind, rate, weightDecay)
      (self.name, self.configuration, self.optimizer) = (name, configuration, optimizer)
    }

    static let all: [Subject] = [
      Subject("sutskever", .sgd, 0.5) {
        ($0.cell, $0.context, $0.bridge, $0.reversesSource) = (.lstm, .initialState, .states, true)
        ($0.isBidirectional, $0.encoderLayerCount, $0.decoderLayerCount) = (false, 2, 2)
      },
      Subject("cho", .adam, 0.02) {
        ($0.cell, $0.context, $0.bridge, $0.readout) = (.gru, .everyStep, .tanh, .maxout)
        $0.isBidirectional = false
      },
      Subject("bahdanau", .adam, 0.02) {
        ($0.cell, $0.context, $0.bridge, $0.readout) = (.gru, .bahdanau, .tanh, .maxout)
        ($0.encoderLayerCount, $0.encoderHiddenSize, $0.attentionSize) = (2, 3, 5)
      },
      Subject("jordan", .adam, 0.02) {
        ($0.cell, $0.context, $0.embeddingSize, $0.encoderHiddenSize) = (.outputFeedback, .jordan, 4, 3)
        $0.isTied = true
      },
      Subject("luong", .adamw, 0.02, weightDecay: 0.1) {
        ($0.cell, $0.context, $0.bridge, $0.readout) = (.lstm, .luong, .output, .attentional)
        ($0.isBidirectional, $0.encoderLayerCount, $0.decoderLayerCount) = (false, 2, 2)
        ($0.targetVocabularySize, $0.embeddingSize, $0.sharesEmbeddings, $0.isTied) = (7, 4, true, true)
      },
    ]

    /// In double precision, with the golden's first weights.
    func model(_ reader: borrowing SafetensorsReader) throws -> RecurrentTranslator {
      var model = try RecurrentTranslator(configuration, key: RandomKey(seed: 0))
      try model.load(reader, prefix: "\(name)/initial/", path: RecurrentTranslatorTrajectoryTests.file)
      return model.converted(to: .float64)
    }
  }

  private static let file = "recurrent-translators.safetensors"
  private static let labelSmoothing = 0.1

  @Test(arguments: Subject.all) func scoresAndGradientsArePyTorchs(_ subject: Subject) throws {
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    let (name, model) = (subject.name, try subject.model(reader))
    let pairs = try GoldenPairs(name, reader)
    let logits = try model.logits(sources: pairs.sources, inputs: pairs.inputs)
    let expected = try reader.tensor("\(name)/logits").gathered(pairs.rows.map(Int32.init))
    let difference = Disagreement(logits, expected, relative: 1e-12, absolute: 1e-12)
    #expect(difference.isSmall, "\(name): \(difference)")
    let (loss, gradients) = try valueAndGradient(of: model) {
      try $0.loss(
        sources: pairs.sources, inputs: pairs.inputs, targets: pairs.targets, labelSmoothing: Self.labelSmoothing,
        .inference)
    }
    #expect(abs(loss.scalar - (try reader.tensor("\(name)/losses64").doubles[0])) < 1e-12)
    for parameter in model.parameters {
      let found = try #require(gradients[parameter.name]?.dense, "\(name) \(parameter.name)")
      let difference = Disagreement(
        found, try reader.tensor("\(name)/gradient/\(parameter.name)"), relative: 1e-11, absolute: 1e-11)
      #expect(difference.isSmall, "\(name) \(parameter.name): \(difference)")
    }
  }

  /// Teacher forced, a step of output feedback waits for no other: only the symbol before and the source decide it.
  @Test(arguments: [("jordan", true), ("cho", false)])
  func aFedDecoderKnowsTheLastSymbolAlone(_ name: String, _ isFed: Bool) throws {
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    let model = try #require(Subject.all.first { $0.name == name }).model(reader)
    func last(_ inputs: [Int32]) throws -> [Double] {
      let logits = try model.logits(sources: PackedTokens([[1, 2, 3]]), inputs: PackedTokens([inputs]))
      return Array(logits.doubles.suffix(model.vocabularySize))
    }
    #expect(try (last([1, 2, 3]) == last([4, 0, 5, 3])) == isFed)
    #expect(try last([1, 2, 3]) != last([1, 2, 4]))
  }

  @Test(arguments: Subject.all) func tenStepsArePyTorchs(_ subject: Subject) throws {
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    let (name, model) = (subject.name, try subject.model(reader))
    let pairs = try GoldenPairs(name, reader)
    let prefix = "\(name)/final64/"
    let stored = reader.names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    #expect(Set(stored) == Set(model.parameters.map(\.name)))
    var trainer = Trainer(model: model, optimizer: Optimizer(subject.optimizer), key: RandomKey(seed: 0))
    let losses = try (0..<10).map { _ in
      try trainer.step(on: [(batch: (), count: 1)]) { model, _, phase in
        try model.loss(
          sources: pairs.sources, inputs: pairs.inputs, targets: pairs.targets, labelSmoothing: Self.labelSmoothing,
          phase)
      }.loss
    }
    let disagreement = Disagreement(
      losses, try reader.tensor("\(name)/losses64").doubles, relative: 0, absolute: 1e-9)
    #expect(disagreement.isSmall, "\(name) losses \(disagreement)")
    for (parameter, tensor) in trainer.model.namedTensors {
      let difference = Disagreement(
        tensor.doubles, try reader.tensor(prefix + parameter).doubles, relative: 0, absolute: 1e-8)
      #expect(difference.isSmall, "\(name) \(parameter): \(difference)")
    }
  }
}
