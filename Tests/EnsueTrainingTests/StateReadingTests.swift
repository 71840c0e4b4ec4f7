// Ways to read the states of recurrent classifiers: drawn, and with weights for each feature.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct StateReadingTests {
  private typealias Subject = StateAttentionSubject

  private static func recurrent(
    _ reading: StateReadingKind, _ change: (inout ClassifierConfiguration) -> Void = { _ in }
  ) throws -> RecurrentClassifier {
    let model = try Subject.model {
      $0.attentionReading = reading
      change(&$0)
    }
    return try #require(model as? RecurrentClassifier)
  }

  // MARK: Every reading

  @Test(arguments: StateReadingKind.allCases) func aSentenceAloneEqualsItInABatch(_ reading: StateReadingKind) throws {
    let model = try StateReadingTests.recurrent(reading)
    let all = model(PackedTokens(Subject.sequences), .inference)
    for (row, sequence) in Subject.sequences.enumerated() {
      #expect(model(PackedTokens([sequence]), .inference).isIdentical(to: all.sliced(row..<row + 1, axis: 0)))
    }
  }

  @Test(arguments: zip(StateReadingKind.allCases, [AttentionLevelKind.pooling, .choice, .features]))
  func weightsAreShownUnderTheirName(_ reading: StateReadingKind, _ level: AttentionLevelKind) throws {
    let model = try StateReadingTests.recurrent(reading)
    let sentence = TokenizedSentence(ids: [3, 4, 5], tokens: ["a", "b", "c"])
    let map = try #require(model.attentionMaps(of: sentence).first)
    #expect(map.level == level && map.keys == sentence.tokens)
    #expect(abs(map.weights[0].reduce(0, +) - 1) < 1e-5)
  }

  @Test(arguments: StateReadingKind.allCases) func onlyTheHardReadingDraws(_ reading: StateReadingKind) throws {
    let model = try StateReadingTests.recurrent(reading)
    let input = EncoderInput(Subject.sequences)
    #expect((model.output(input, .training(RandomKey(seed: 1))).draw != nil) == (reading == .hard))
    #expect(model.output(input, .inference).draw == nil)
    let variance = model.reinforceVariance(input, .classes(Subject.labels), key: RandomKey(seed: 2))
    #expect((variance != nil) == (reading == .hard))
  }

  // MARK: Weights for each feature

  @Test(arguments: AttentionDistributionKind.allCases) func gradientOfFeatureWeightsEqualsFiniteDifferences(
    _ distribution: AttentionDistributionKind
  ) throws {
    let model = try StateReadingTests.recurrent(.multiDimensional) { $0.attentionDistribution = distribution }
    for (parameter, disagreement) in Subject.disagreements(of: model) {
      #expect(disagreement.isSmall, "\(parameter): \(disagreement)")
    }
  }

  /// One sentence from the parameters alone: softmax over the steps of V tanh(W [q; h] + b) + c, feature by feature.
  @Test func eachFeatureHasWeightsOfItsOwn() throws {
    let model = try StateReadingTests.recurrent(.multiDimensional).converted(to: .float64)
    let tensors = Dictionary(uniqueKeysWithValues: model.namedTensors.map { ($0.name, $0.tensor) })
    func values(_ name: String) throws -> [Double] { try #require(tensors["pooling.\(name)"], "\(name)").doubles }
    let states = model.encoder(model.embedding(PackedTokens([[3, 4, 5, 6]])))
    let (all, width) = (states.output.values.doubles, 4)
    let (query, join, bias) = (try values("query"), try values("join.weight"), try values("join.bias"))
    let (outer, shift) = (try values("output.weight"), try values("output.bias"))
    let scores = (0..<4).map { step -> [Double] in
      let input = query + all[step * width..<(step + 1) * width]
      let sums = bias.indices.map { row in
        input.indices.reduce(bias[row]) { $0 + join[row * input.count + $1] * input[$1] }
      }
      let hidden = tanh(Tensor(sums, shape: [sums.count])).doubles
      return (0..<width).map { row in
        hidden.indices.reduce(shift[row]) { $0 + outer[row * hidden.count + $1] * hidden[$1] }
      }
    }
    let weights = (0..<width).map { feature -> [Double] in
      let exponentials = exp(Tensor(scores.map { $0[feature] }, shape: [4])).doubles
      return exponentials.map { $0 / exponentials.reduce(0, +) }
    }
    let pooled = (0..<width).map { feature in
      (0..<4).reduce(0.0) { $0 + weights[feature][$1] * all[$1 * width + feature] }
    }
    let means = (0..<4).map { step in weights.reduce(0.0) { $0 + $1[step] } / Double(width) }
    let found = Disagreement(model.pooling(states).doubles, pooled, relative: 1e-10, absolute: 1e-12)
    #expect(found.isSmall, "\(found)")
    let shown = Disagreement(model.pooling.weights(states)?[0] ?? [], means, relative: 1e-10, absolute: 1e-12)
    #expect(shown.isSmall, "\(shown)")
  }

  // MARK: One that is drawn

  @Test func theLikeliestStateIsRead() throws {
    let model = try StateReadingTests.recurrent(.hard)
    let states = model.encoder(model.embedding(PackedTokens([[3, 4, 5, 6, 7]])))
    let weights = try #require(model.pooling.weights(states)?[0])
    let likeliest = try #require(weights.indices.max { weights[$0] < weights[$1] })
    let row = states.output.values.sliced(likeliest..<likeliest + 1, axis: 0)
    #expect(model.pooling(states).isIdentical(to: row))
  }

  /// The reward is minus a sentence's own loss; training's loss has the loss's value, and REINFORCE's gradient besides.
  @Test(arguments: [0.0, 0.2]) func trainingAddsTheGradientOfTheDraw(_ smoothing: Double) throws {
    let model = try StateReadingTests.recurrent(.hard).converted(to: .float64)
    let (input, phase) = (EncoderInput(Subject.sequences), Phase.training(RandomKey(seed: 4)))
    let output = model.output(input, phase)
    let targets = EncoderTargets.classes(Subject.labels)
    let loss = targets.loss(of: output.logits, labelSmoothing: smoothing)
    let losses = targets.losses(of: output.logits, labelSmoothing: smoothing)
    #expect(losses.shape == [4, 1] && abs(losses.mean().scalar - loss.scalar) < 1e-12)
    let alone = crossEntropy(
      logits: output.logits.sliced(2..<3, axis: 0), targets: [Subject.labels[2]], labelSmoothing: smoothing)
    #expect(losses.doubles[2] == alone.scalar)
    #expect(output.trainingLoss(targets, labelSmoothing: smoothing).scalar == loss.scalar)
    #expect(try #require(output.draw).reinforceLoss(reward: -losses).loss.scalar != 0)
    let found = valueAndGradient(of: model) {
      $0.output(input, phase).trainingLoss(targets, labelSmoothing: smoothing)
    }.gradients
    let expected = valueAndGradient(of: model) { model -> Tensor in
      let output = model.output(input, phase)
      let loss = targets.loss(of: output.logits, labelSmoothing: smoothing)
      return output.draw.map { loss + $0.reinforceLoss(reward: -losses).loss } ?? loss
    }.gradients
    for parameter in model.parameters {
      let zeros = [Double](repeating: 0, count: parameter.tensor.count)
      let disagreement = Disagreement(
        found[parameter.name]?.dense.doubles ?? zeros, expected[parameter.name]?.dense.doubles ?? zeros,
        relative: 1e-10, absolute: 1e-12)
      #expect(disagreement.isSmall, "\(parameter.name): \(disagreement)")
    }
    #expect((found["pooling.baseline.bias"]?.dense.doubles.first ?? 0) != 0)
  }

  /// Over all draws of a sentence the gradient of training's loss is that of the expected loss.
  @Test func theGradientIsThatOfTheExpectedLoss() throws {
    let model = try StateReadingTests.recurrent(.hard).converted(to: .float64)
    let (input, targets) = (EncoderInput([[3, 4, 5]]), EncoderTargets.classes([1]))
    var seeds: [Int: UInt64] = [:]
    for seed in UInt64(0)..<300 {
      let draw = try #require(model.output(input, .training(RandomKey(seed: seed))).draw)
      if let step = draw.steps[0] { seeds[step] = seed }
    }
    try #require(seeds.count == 3)
    func output(_ model: RecurrentClassifier, _ step: Int) -> ClassifierOutput {
      model.output(input, .training(RandomKey(seed: seeds[step] ?? 0)))
    }
    let (_, expected) = valueAndGradient(of: model) { model in
      let terms = (0..<3).map { step -> Tensor in
        let found = output(model, step)
        let weights = found.draw?.soft.weights ?? Tensor.zeros([3, 1])
        return weights.gathered([Int32(step)]).sum() * targets.loss(of: found.logits)
      }
      return terms[0] + terms[1] + terms[2]
    }
    let probabilities = try #require(output(model, 0).draw).soft.weights.doubles
    let drawn = (0..<3).map { step in valueAndGradient(of: model) { output($0, step).trainingLoss(targets) }.1 }
    for parameter in model.parameters where !parameter.name.hasPrefix("pooling.baseline") {
      let zeros = [Double](repeating: 0, count: parameter.tensor.count)
      let gradients = drawn.map { $0[parameter.name]?.dense.doubles ?? zeros }
      let mean = zeros.indices.map { place in
        (0..<3).reduce(0.0) { $0 + probabilities[$1] * gradients[$1][place] }
      }
      let disagreement = Disagreement(
        mean, expected[parameter.name]?.dense.doubles ?? zeros, relative: 1e-7, absolute: 1e-10)
      #expect(disagreement.isSmall, "\(parameter.name): \(disagreement)")
    }
    #expect(drawn.contains { ($0["pooling.baseline.bias"]?.dense.doubles.first ?? 0) != 0 })
  }

  @Test func theVarianceIsOfTwoDrawsForTheSameStates() throws {
    let model = try StateReadingTests.recurrent(.hard) { $0.dropout = 0.4 }.converted(to: .float64)
    let (input, targets) = (EncoderInput(Subject.sequences), EncoderTargets.classes(Subject.labels))
    let key = RandomKey(seed: 9)
    let draws = model.draws(of: input, count: 2, key: key)
    #expect(draws.count == 2 && draws[0].draw?.soft.weights.doubles == draws[1].draw?.soft.weights.doubles)
    let pairs = try draws.map {
      (output: try #require($0.draw), reward: -targets.losses(of: $0.logits))
    }
    let found = try #require(model.reinforceVariance(input, targets, key: key))
    let expected = ReinforceVariance(pairs)
    #expect(found.variance == expected.variance)
    #expect(found.varianceWithoutBaseline == expected.varianceWithoutBaseline)
    let others = (UInt64(0)..<5).compactMap { model.reinforceVariance(input, targets, key: RandomKey(seed: $0)) }
    #expect(others.contains { $0.variance > 0 })
  }

  // MARK: Names

  @Test func tablesTellPoolingsApart() {
    let titles: [(title: String, change: (inout ClassifierConfiguration) -> Void)] = [
      ("GRU", { $0.pooling = .max }), ("GRU", { $0.pooling = .last }), ("GRU, mean", { $0.pooling = .mean }),
      ("GRU, mean ‖ max", { $0.pooling = .meanMax }), ("GRU, attention", { _ in }),
      ("GRU × 2, hard attention", { ($0.attentionReading, $0.layerCount) = (.hard, 2) }),
      ("GRU, multi-dimensional attention", { $0.attentionReading = .multiDimensional }),
      ("hierarchical", { $0.kind = .hierarchical }),
      ("Performer × 2", { ($0.kind, $0.attentionKernel, $0.layerCount) = (.transformer, .performer, 2) }),
      ("self-attention, performer", { ($0.kind, $0.attentionKernel) = (.selfAttention, .performer) }),
      ("self-attention", { $0.kind = .selfAttention }),
    ]
    for (title, change) in titles { #expect(Subject.configuration(.gru, change).title == title) }
  }

  // MARK: What does not go together

  @Test func functionsThatAReadingLacksAreRefused() throws {
    let cases: [(kind: ClassifierKind, place: String, change: (inout ClassifierConfiguration) -> Void)] = [
      (.bilstm, "model.attentionReading", { ($0.pooling, $0.attentionReading) = (.max, .hard) }),
      (.hierarchical, "model.attentionReading", { $0.attentionReading = .hard }),
      (.transformer, "model.attentionReading", { $0.attentionReading = .multiDimensional }),
      (.bilstm, "model.attentionScore", { ($0.attentionReading, $0.attentionScore) = (.multiDimensional, .dot) }),
      (
        .bilstm, "model.attentionDistribution",
        { ($0.attentionReading, $0.attentionDistribution) = (.hard, .sigmoid) }
      ),
    ]
    for (kind, place, change) in cases {
      var configuration = ClassificationConfiguration()
      configuration.model = Subject.configuration(kind, change)
      let failure = #expect(throws: Failure.self) {
        try ClassificationConfiguration.settings.refuseUnread(configuration)
      }
      #expect(failure?.kind == .configuration && failure?.place == place, "\(kind): \(String(describing: failure))")
    }
    for distribution in AttentionDistributionKind.allCases {
      let change: (inout ClassifierConfiguration) -> Void = {
        ($0.attentionReading, $0.attentionDistribution) = (.hard, distribution)
      }
      if distribution.givesProbabilities {
        _ = try Subject.model(.bigru, change)
      } else {
        let failure = #expect(throws: Failure.self) { try Subject.model(.bigru, change) }
        #expect(failure?.place == "model.attentionDistribution")
      }
    }
  }
}
