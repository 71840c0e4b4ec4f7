// The laws of recurrent language models: segments with carried states are the whole text; derivatives; learning.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

/// Small models and texts.
private enum Small {
  static func model(
    _ change: (inout RecurrentLanguageModelConfiguration) -> Void = { _ in }
  ) throws -> RecurrentLanguageModel {
    try RecurrentLanguageModel(configuration(change), key: RandomKey(seed: 3))
  }

  static func configuration(
    _ change: (inout RecurrentLanguageModelConfiguration) -> Void = { _ in }
  ) -> RecurrentLanguageModelConfiguration {
    var configuration = RecurrentLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.embeddingSize) = (7, 3)
    (configuration.hiddenSize, configuration.layerCount) = (4, 2)
    change(&configuration)
    return configuration
  }

  /// Three rows of ids, the first ones longer by one.
  static func rows(steps: Int, seed: UInt64 = 5, longer: Int = 0) -> [[Int32]] {
    let key = RandomKey(seed: seed)
    return (0..<3).map { row in
      (0..<steps + (row < longer ? 1 : 0)).map { Int32(key.derived(row).bits(at: $0) % 7) }
    }
  }

  static func loss(
    _ model: RecurrentLanguageModel, _ rows: [[Int32]], from states: [[RecurrentState]]?, _ phase: Phase = .inference
  ) -> Tensor {
    // The target of an input is the input itself: any target serves for a law.
    let tokens = PackedTokens(rows)
    return crossEntropy(logits: model(tokens, from: states, phase).logits, targets: tokens.ids.map { Int($0) })
  }

  static func converted(_ states: [[RecurrentState]], to type: ElementType) -> [[RecurrentState]] {
    states.map { $0.map { RecurrentState($0.tensors.map { $0.converted(to: type) }) } }
  }
}

/// Models that differ in what touches states.
private struct Variant: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let change: @Sendable (inout RecurrentLanguageModelConfiguration) -> Void

  static let all: [Variant] = [
    Variant(testDescription: "lstm") { _ in },
    Variant(testDescription: "gru, one layer") { ($0.cell, $0.layerCount) = (.gru, 1) },
    Variant(testDescription: "rnn with skips") { ($0.cell, $0.connection) = (.rnn, .skip) },
    Variant(testDescription: "peepholes, residual") { ($0.cell, $0.connection) = (.lstmPeephole, .residual) },
    Variant(testDescription: "layer norm and leak") { ($0.cell, $0.normalizesLayers, $0.leak) = (.gru, true, 0.6) },
    Variant(testDescription: "own cell") { $0.cellFormula = "state h\nh' = tanh(W_h x + p_h ⊙ h + b_h)\noutput h'" },
    Variant(testDescription: "learned beginning") { $0.learnsInitialState = true },
    Variant(testDescription: "tied") { ($0.isTied, $0.embeddingSize) = (true, 4) },
    Variant(testDescription: "uniform beginning") { $0.initializerRange = 0.1 },
  ]

  static let random: [Variant] = [
    Variant(testDescription: "dropout") { $0.dropout = 0.3 },
    Variant(testDescription: "dropout of its own at both ends") {
      ($0.embeddingDropout, $0.outputDropout) = (0.2, 0.4)
    },
    Variant(testDescription: "dropout of whole sequences") { ($0.dropout, $0.dropsWholeSequences) = (0.3, true) },
    Variant(testDescription: "recurrent dropout") { $0.recurrentDropout = 0.3 },
    Variant(testDescription: "zoneout") { $0.zoneout = 0.3 },
    Variant(testDescription: "word dropout") { $0.wordDropout = 0.4 },
  ]
}

@Suite struct LanguageModelLaws {
  @Test(arguments: Variant.all) fileprivate func shapes(_ variant: Variant) throws {
    let model = try Small.model(variant.change)
    let configuration = Small.configuration(variant.change)
    let output = model(PackedTokens(Small.rows(steps: 5, longer: 2)))
    #expect(output.logits.shape == [17, 7])
    #expect(output.states.count == configuration.layerCount)
    for state in output.states.joined().flatMap(\.tensors) { #expect(state.shape == [3, 4]) }
    #expect(model.parameters.count == Set(model.parameters.map(\.name)).count)
    let matrices = model.parameters.filter { $0.tensor.shape.rank == 2 }.reduce(0) { $0 + $1.tensor.count }
    let least = configuration.leastWeightCount
    #expect(least > 0 && least <= Double(matrices), "\(least) of \(matrices)")
  }

  @Test(arguments: Variant.all) fileprivate func segmentsAreTheWhole(_ variant: Variant) throws {
    let model = try Small.model(variant.change)
    let rows = Small.rows(steps: 11, longer: 1)
    let whole = model(PackedTokens(rows))
    for cut in [1, 4, 10] {
      let first = model(PackedTokens(rows.map { Array($0.prefix(cut)) }))
      let second = model(PackedTokens(rows.map { Array($0.dropFirst(cut)) }), from: first.detachedStates)
      // Rows are packed time-major: the two parts one after another are the whole.
      #expect(concatenated([first.logits, second.logits], axis: 0).isIdentical(to: whole.logits), "cut at \(cut)")
      for (a, b) in zip(second.states.joined(), whole.states.joined()) {
        for (x, y) in zip(a.tensors, b.tensors) { #expect(x.isIdentical(to: y)) }
      }
      let losses = [
        Small.loss(model, rows.map { Array($0.prefix(cut)) }, from: nil),
        Small.loss(model, rows.map { Array($0.dropFirst(cut)) }, from: first.detachedStates),
      ].map(\.scalar)
      let mean = (losses[0] * Double(3 * cut) + losses[1] * Double(34 - 3 * cut)) / 34
      #expect(abs(mean - Small.loss(model, rows, from: nil).scalar) < 1e-6)
    }
  }

  @Test(arguments: Variant.all) fileprivate func oneStepAtATimeAndPrepared(_ variant: Variant) throws {
    let model = try Small.model(variant.change)
    let row = Small.rows(steps: 6)[0]
    let whole = model(PackedTokens([row]))
    let prepared = model.prepared()
    var states: [[RecurrentState]]?
    for (step, id) in row.enumerated() {
      let output = prepared(PackedTokens([[id]]), from: states)
      #expect(output.logits.isIdentical(to: whole.logits.sliced(step..<step + 1, axis: 0)), "step \(step)")
      states = output.states
    }
  }

  @Test(arguments: Variant.all + Variant.random)
  fileprivate func gradientWithCarriedStatesEqualsFiniteDifferences(_ variant: Variant) throws {
    var model = try Small.model(variant.change)
    // The unknown symbol's vector of zeros would be normalised by almost nothing.
    var index = 0
    model.forEachParameter { _, tensor, _ in
      tensor = .normal(tensor.shape, deviation: 0.4, key: RandomKey(seed: 8).derived(index))
      index += 1
    }
    let before = model(PackedTokens(Small.rows(steps: 4, seed: 9))).detachedStates
    let states = Small.converted(before, to: .float64)
    let phase = Phase.training(RandomKey(seed: 12))
    let rows = Small.rows(steps: 3, longer: 1)
    for start in [states, nil] {
      let disagreements = gradientDisagreements(of: model) { Small.loss($0, rows, from: start, phase) }
      for (name, disagreement) in disagreements { #expect(disagreement.isSmall, "\(name): \(disagreement)") }
    }
  }

  @Test func theGradientEndsAtDetachedStates() throws {
    let model = try Small.model { $0.cell = .rnn }
    let rows = Small.rows(steps: 3)
    let first = Small.rows(steps: 3, seed: 8)
    func gradient(isDetached: Bool) -> Gradients {
      valueAndGradient(of: model) { model in
        let output = model(PackedTokens(first))
        return Small.loss(model, rows, from: isDetached ? output.detachedStates : output.states)
      }.gradients
    }
    let states = model(PackedTokens(first)).detachedStates
    let constant = valueAndGradient(of: model) { Small.loss($0, rows, from: states) }.gradients
    let (cut, whole) = (gradient(isDetached: true), gradient(isDetached: false))
    for name in constant.names {
      let (a, b) = (try #require(cut[name]?.dense), try #require(constant[name]?.dense))
      #expect(a.isIdentical(to: b), "\(name)")
    }
    let name = "encoder.layers.0.forward.W_h"
    let flows = try #require(whole[name]?.dense)
    #expect(try !flows.isIdentical(to: #require(cut[name]?.dense)), "a gradient through the states differs")
  }

  @Test func oneThreadEqualsManyBitForBit() throws {
    let results = try [1, 2, 5].map { threads in
      try ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        try trained(try Small.model { ($0.dropout, $0.hiddenSize) = (0.2, 24) }, steps: 6).model.namedTensors
      }
    }
    for other in results {
      for (a, b) in zip(other, results[0]) { #expect(a.tensor.isIdentical(to: b.tensor), "\(a.name)") }
    }
  }

  /// Segments of a repeated text with carried states.
  private func trained(_ model: RecurrentLanguageModel, steps: Int) throws -> Trainer<RecurrentLanguageModel> {
    var configuration = OptimizerConfiguration()
    configuration.learningRate = 0.01
    var trainer = Trainer(model: model, optimizer: Optimizer(configuration), key: RandomKey(seed: 1))
    var states: [[RecurrentState]]?
    for step in 0..<steps {
      let rows = Small.rows(steps: 5, seed: UInt64(step))
      let before = states
      _ = try trainer.step(on: [(batch: rows, count: 15)]) { model, rows, phase in
        states = model(PackedTokens(rows), from: before, phase).detachedStates
        return Small.loss(model, rows, from: before, phase)
      }
    }
    return trainer
  }

  @Test func carriedStatesThroughAFile() throws {
    try TestFiles.withDirectory { directory in
      let model = try Small.model { $0.connection = .skip }
      let states = model(PackedTokens(Small.rows(steps: 5))).detachedStates
      let path = "\(directory)/states.safetensors"
      let named = model.namedTensors(of: states)
      #expect(named.map(\.name) == ["0/0/h", "0/0/c", "1/0/h", "1/0/c"])
      try SafetensorsWriter.write(named, to: path)
      let reader = try SafetensorsReader(path)
      var tensors: [String: Tensor] = [:]
      for name in reader.names { tensors[name] = try reader.tensor(name) }
      let found = tensors
      let back = try model.states(batchSize: 3, path: path) { found[$0] }
      for (a, b) in zip(back.joined(), states.joined()) {
        for (x, y) in zip(a.tensors, b.tensors) { #expect(x.isIdentical(to: y)) }
      }
      for (size, missing) in [(4, ""), (3, "1/0/c")] {
        let failure = #expect(throws: Failure.self) {
          try model.states(batchSize: size, path: path) { $0 == missing ? nil : found[$0] }
        }
        #expect(failure?.kind == .data && failure?.place == path)
      }
    }
  }

  @Test func aTiedOutputIsTheEmbedding() throws {
    var model = try Small.model { ($0.isTied, $0.embeddingSize) = (true, 4) }
    #expect(!model.parameters.map(\.name).contains("output.weight"))
    model.forEachParameter { name, tensor, _ in
      if name == "embedding.weight" { tensor = .normal(tensor.shape, key: RandomKey(seed: 2)) }
    }
    #expect(model.output.weight.isIdentical(to: model.embedding.weight))
    let failure = #expect(throws: Failure.self) { try Small.model { $0.isTied = true } }
    #expect(failure?.kind == .configuration && failure?.place == "model.embeddingSize")
  }

  @Test func aLargeVocabularyTakesNoMemoryAStep() {
    let large = Small.configuration { $0.vocabularySize = 250_000 }
    #expect(large.leastNumbersPerStep == Small.configuration().leastNumbersPerStep)
  }

  /// A bare x is part of the product where its width is not that of the units, and added apart where it is.
  @Test func aBareInputIsCountedAtTheWidthOfEachLayer() throws {
    let text = "state h\nh' = tanh(x + U_h h)\noutput h'"
    func numbers(layers: Int) -> Double {
      Small.configuration { ($0.equations, $0.layerCount) = (text, layers) }.leastNumbersPerStep
    }
    let further = CellOutline(try CellFormula(text: text), inputSize: 4, hiddenSize: 4).keptCount
    #expect(numbers(layers: 3) == numbers(layers: 1) + 2 * Double(further))
  }

  @Test func matricesBeginWithinTheirRange() throws {
    let model = try Small.model { ($0.initializerRange, $0.hiddenSize) = (0.05, 40) }
    for parameter in model.parameters where parameter.tensor.shape.rank == 2 {
      let values = parameter.tensor.floats
      #expect(values.allSatisfy { abs($0) <= 0.05 } && values.contains { abs($0) > 0.04 }, "\(parameter.name)")
    }
  }

  @Test func aWrongFormulaIsAFailure() throws {
    let failure = #expect(throws: Failure.self) { try Small.model { $0.cellFormula = "state h\nh' = tanh(" } }
    #expect(failure?.kind == .data)
  }
}

@Suite struct LanguageModelRegularizerTests {
  private let tokens = PackedTokens(Small.rows(steps: 5))
  private let training = Phase.training(RandomKey(seed: 4))

  private func loss(_ model: RecurrentLanguageModel, _ phase: Phase) -> Tensor {
    model.loss(tokens, targets: tokens.ids.map { Int($0) }, phase).loss
  }

  @Test func penaltiesAreOfTrainingAloneAndGrowWithTheirWeights() throws {
    let plain = try loss(Small.model(), training).scalar
    for weight in [\RecurrentLanguageModelConfiguration.normStabilizer, \.gradientPropagation] {
      let models = try [100.0, 200].map { factor in try Small.model { $0[keyPath: weight] = factor } }
      let penalties = models.map { loss($0, training).scalar - plain }
      #expect(penalties[0] > 1e-3 && abs(penalties[1] - 2 * penalties[0]) < 1e-4 * penalties[0] + 1e-5)
      #expect(loss(models[0], .inference).scalar == plain)
    }
  }

  /// The penalty of gradients depends on the recurrent weights alone, and leaves the loss's own gradient as it is.
  @Test func thePenaltyOfGradientsIsOfTheRecurrentWeights() throws {
    let models = [try Small.model(), try Small.model { $0.gradientPropagation = 1 }]
    let gradients = models.map { model in valueAndGradient(of: model) { loss($0, training) }.gradients }
    for name in gradients[0].names {
      let found = try gradients.map { try #require($0[name]?.dense) }
      let isRecurrent = name.hasPrefix("encoder.") && name.contains(".U_")
      if isRecurrent { #expect(!found[0].isIdentical(to: found[1]), "\(name)") }
      if !name.hasPrefix("encoder.") { #expect(found[0].isIdentical(to: found[1]), "\(name)") }
    }
  }

  @Test func gradientsOfARandomRecurrenceAreRefused() throws {
    for rate in [\RecurrentLanguageModelConfiguration.zoneout, \.recurrentDropout] {
      let failure = #expect(throws: Failure.self) {
        try Small.model {
          $0.gradientPropagation = 1
          $0[keyPath: rate] = 0.1
        }
      }
      #expect(failure?.kind == .configuration && failure?.place == "model.gradientPropagation")
    }
  }

  private static var architectures: [LanguageModelArchitecture] {
    var transformer = TransformerLanguageModelConfiguration()
    (transformer.vocabularySize, transformer.contextLength, transformer.isTied) = (7, 8, false)
    (transformer.transformer.width, transformer.transformer.headCount) = (4, 2)
    (transformer.transformer.feedForwardSize, transformer.transformer.layerCount) = (8, 1)
    (transformer.transformer.dropout, transformer.transformer.attentionDropout) = (0, 0)
    var dropped = transformer
    dropped.wordDropout = 0.5
    return [
      .recurrent(Small.configuration()), .recurrent(Small.configuration { $0.wordDropout = 0.5 }),
      .transformer(transformer), .transformer(dropped),
    ]
  }

  /// A symbol that is left out has no vector anywhere in the batch, and so its vector learns nothing.
  @Test func droppedWordsAreLeftOutEverywhere() throws {
    let targets = tokens.ids.map { Int($0) }
    let used = Set(targets)
    for (index, architecture) in LanguageModelRegularizerTests.architectures.enumerated() {
      let model = try #require(try architecture.makeModel(key: RandomKey(seed: 3)))
      let gradients = try valueAndGradient(of: model) { try $0.loss(tokens, targets: targets, training).loss }.gradients
      let table = try #require(gradients["embedding.weight"]?.dense)
      let (numbers, width) = (table.doubles, table.shape[1])
      let unlearned = used.filter { row in numbers[row * width..<(row + 1) * width].allSatisfy { $0 == 0 } }
      #expect(index % 2 == 0 ? unlearned.isEmpty : !unlearned.isEmpty && unlearned.count < used.count, "\(index)")
    }
  }
}
