// Pre-trained encoders against transformers (Tests/Goldens/pretrained-encoders.py): logits, hidden states, gradients,
// ten steps of fine-tuning.

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

@Suite struct PretrainedGoldenTests {
  private static let types = [ElementType.float64, .float32]

  /// Numbers of the golden in float64, and those that were rounded to float32 there.
  /// - Parameter scale: whose largest number says how small is small; nil for that of `expected`.
  private func check(
    _ found: Tensor, _ expected: Tensor, _ type: ElementType, isRounded: Bool = false, scale: Tensor? = nil,
    _ what: String
  ) {
    let bound = type == .float32 ? 1e-4 : isRounded ? 2e-6 : 1e-10
    // Below what the tensor's largest number is, 1e-4 of a number near zero is less than float32's rounding.
    let largest = (scale ?? expected).doubles.map(abs).max() ?? 0
    let difference = Disagreement(
      found.converted(to: .float64), expected.converted(to: .float64), relative: bound, absolute: bound * largest / 10)
    #expect(difference.isSmall, "\(what): \(difference)")
  }

  @Test(arguments: EncoderFamilyKind.allCases, types)
  func logitsAndGradientsAreTransformers(_ family: EncoderFamilyKind, _ type: ElementType) throws {
    let golden = try PretrainedGolden(family)
    let model = try golden.model().converted(to: type)
    check(try model(golden.input), try golden.expected("logits"), type, "\(family) logits")
    let labels = try golden.classes(.classification)
    let (loss, gradients) = try valueAndGradient(of: model) {
      try $0.loss(golden.input, .classes(labels), .inference)
    }
    check(loss, try golden.expected("loss"), type, "\(family) loss")
    let names = WeightNames(family, head: .classification, layerCount: golden.configuration.layerCount)
    let stored = try SafetensorsReader(PretrainedGolden.path(family, "expected")).names.filter {
      $0.hasPrefix("gradient/")
    }
    #expect(stored.count == model.parameters.count)
    for name in stored {
      let own = try #require(names.own(String(name.dropFirst("gradient/".count))))
      let found = try #require(gradients[own]?.dense, "\(own)")
      // A bias of the keys moves all scores of a row alike: its derivative is zero but for rounding.
      let isKeyBias = name.hasSuffix("key.bias") || name.hasSuffix("k_lin.bias")
      let scale = isKeyBias ? String(name.dropLast("bias".count)) + "weight" : name
      check(
        found, try golden.expected(name), type, isRounded: true, scale: try golden.expected(scale),
        "\(family) \(name)")
    }
  }

  @Test(arguments: EncoderFamilyKind.allCases, types)
  func hiddenStatesAreTransformers(_ family: EncoderFamilyKind, _ type: ElementType) throws {
    let golden = try PretrainedGolden(family)
    let encoder = try golden.model().encoder.converted(to: type)
    let states = try encoder.hiddenStates(golden.input)
    #expect(states.count == golden.configuration.layerCount + 1)
    for (index, state) in states.enumerated() {
      let expected = try golden.expected("hidden/\(index)")
      check(state.values.gathered(golden.rows), expected, type, isRounded: true, "\(family) state \(index)")
    }
    let last = try encoder(golden.input).values
    #expect(last.isIdentical(to: states[states.count - 1].values))
    #expect(try encoder.prepared()(golden.input).values.isIdentical(to: last))
  }

  @Test(arguments: EncoderFamilyKind.allCases, types)
  func otherHeadsAreTransformers(_ family: EncoderFamilyKind, _ type: ElementType) throws {
    let golden = try PretrainedGolden(family)
    let tagger = try golden.model(.tagging, outputCount: 4, weightsBelow: "tagging/").converted(to: type)
    let tags = try tagger(golden.input).gathered(golden.rows)
    check(tags, try golden.expected("tagging/logits"), type, "\(family) tags")
    let loss = try tagger.loss(golden.input, .classes(golden.classes(.tagging)), .inference)
    check(loss, try golden.expected("tagging/loss"), type, "\(family) loss of tags")
    let regression = try golden.model(outputCount: 1, weightsBelow: "regression/").converted(to: type)
    check(try regression(golden.input), try golden.expected("regression/logits"), type, "\(family) numbers")
    let numbers = try golden.expected("numbers").doubles
    let error = try regression.loss(golden.input, .numbers(numbers), .inference)
    check(error, try golden.expected("regression/loss"), type, "\(family) loss of numbers")
    for (name, pooling) in [
      ("first", SentencePooling(.first)), ("mean", SentencePooling(.mean)), ("max", SentencePooling(.max)),
      ("mean-normalized", SentencePooling(.mean, normalizes: true)),
    ] {
      let vectors = try golden.model(.embedding, pooling: pooling).converted(to: type)(golden.input)
      check(vectors, try golden.expected("pooled/\(name)"), type, "\(family) \(name)")
    }
  }

  @Test(arguments: EncoderFamilyKind.allCases, types)
  func tenStepsAreTransformers(_ family: EncoderFamilyKind, _ type: ElementType) throws {
    let golden = try PretrainedGolden(family)
    var configuration = golden.configuration
    (configuration.dropout, configuration.attentionDropout, configuration.classifierDropout) = (0, 0, nil)
    var optimizer = OptimizerConfiguration()
    (optimizer.kind, optimizer.learningRate, optimizer.weightDecay) = (.adamw, 1e-3, 0.01)
    let model = try golden.model(configuration: configuration).converted(to: type)
    var trainer = Trainer(model: model, optimizer: Optimizer(optimizer), key: RandomKey(seed: 0))
    let labels = try golden.classes(.classification)
    let losses = try (0..<10).map { _ in
      try trainer.step(on: [(batch: golden.input, count: 1)]) { try $0.loss($1, .classes(labels), $2) }.loss
    }
    let bound = type == .float32 ? 1e-4 : 1e-9
    let difference = Disagreement(
      losses, try golden.expected("losses64").doubles, relative: bound, absolute: 0)
    #expect(difference.isSmall, "\(family) \(difference)")
    #expect(losses[9] < losses[0] / 2)
  }
}
