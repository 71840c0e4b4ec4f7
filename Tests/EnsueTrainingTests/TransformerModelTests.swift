// Decoder-only language models, the bigram table, and what attentive classifiers make of their settings.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

private func small(_ change: (inout TransformerLanguageModelConfiguration) -> Void = { _ in })
  -> TransformerLanguageModelConfiguration
{
  var configuration = TransformerLanguageModelConfiguration()
  (configuration.vocabularySize, configuration.contextLength) = (11, 16)
  (configuration.transformer.width, configuration.transformer.headCount) = (12, 3)
  (configuration.transformer.layerCount, configuration.transformer.feedForwardSize) = (2, 20)
  change(&configuration)
  return configuration
}

/// Sequences in which every symbol decides the next.
private func texts(_ lengths: [Int]) -> (tokens: PackedTokens, targets: [Int]) {
  func symbol(_ row: Int, _ step: Int) -> Int32 { Int32((row * 5 + step * 3) % 11) }
  let tokens = PackedTokens(lengths.enumerated().map { row, length in (0..<length).map { symbol(row, $0) } })
  return (tokens, tokens.ids.map { Int(($0 + 3) % 11) })
}

@Suite struct TransformerLanguageModelTests {
  private static let variants: [(name: String, configuration: TransformerLanguageModelConfiguration)] = [
    ("tied, learned", small()),
    (
      "untied, sinusoidal, post", small { ($0.isTied, $0.positions, $0.transformer.norm) = (false, .sinusoidal, .post) }
    ),
    (
      "T-Fixup, no positions",
      small {
        ($0.positions, $0.transformer.norm, $0.transformer.hasFinalNorm) = (.none, .none, false)
        $0.transformer.initializer = .tFixup
      }
    ),
    ("a window within blocks", small { ($0.attentionWindow, $0.attentionBlock) = (2, 5) }),
    (
      "Llama's pieces",
      small {
        ($0.isTied, $0.positions) = (false, .rotary)
        ($0.transformer.keyHeadCount, $0.transformer.normKind, $0.transformer.feedForward) = (1, .rms, .gated)
        ($0.transformer.activation, $0.transformer.hasBias) = (.silu, false)
      }
    ),
  ]

  @Test func gradientsEqualFiniteDifferences() throws {
    let (tokens, targets) = texts([3, 5, 1])
    for (name, configuration) in Self.variants {
      let model = try TransformerLanguageModel(configuration, key: RandomKey(seed: 1))
      let phase = Phase.training(RandomKey(seed: 2))
      let disagreements = gradientDisagreements(of: model) { model in
        (try? model.loss(tokens, targets: targets, phase)) ?? .zeros([], .float64)
      }
      for (parameter, disagreement) in disagreements {
        #expect(disagreement.isSmall, "\(name) \(parameter): \(disagreement)")
      }
    }
  }

  @Test func trainingLowersTheLoss() throws {
    let (tokens, targets) = texts([9, 16, 4, 12])
    for (name, configuration) in Self.variants {
      var configuration = configuration
      (configuration.transformer.dropout, configuration.transformer.attentionDropout) = (0, 0)
      var optimizer = OptimizerConfiguration()
      optimizer.learningRate = 0.01
      var trainer = Trainer(
        model: try TransformerLanguageModel(configuration, key: RandomKey(seed: 1)), optimizer: Optimizer(optimizer),
        key: RandomKey(seed: 3))
      let losses = try (0..<80).map { _ in
        try trainer.step(on: [(batch: (), count: 1)]) { model, _, phase in
          try model.loss(tokens, targets: targets, phase)
        }.loss
      }
      #expect(abs(losses[0] - 2.4) < 0.8, "\(name) begins near log 11: \(losses[0])")
      #expect(losses[79] < 0.3, "\(name): \(losses[79])")
    }
  }

  @Test func symbolBySymbolEqualsTheWholeBitForBit() throws {
    for lengths in [[9], [9, 4, 16, 7, 7, 2, 11, 3]] {
      let (tokens, _) = texts(lengths)
      for (name, configuration) in Self.variants {
        let model = try TransformerLanguageModel(configuration, key: RandomKey(seed: 1))
        let whole = try model(tokens)
        // Prompts of unequal lengths at once, then a symbol of each in turn, while all last.
        let sequences = tokens.sequences
        let prompts = sequences.map { max(1, $0.count - 3) }
        var cache = model.makeCache()
        var done = prompts
        var scores = try model.next(PackedTokens(zip(sequences, prompts).map { Array($0.prefix($1)) }), &cache)
        while true {
          for (row, end) in done.enumerated() {
            let position = tokens.layout.order.firstIndex(of: row) ?? 0
            let packed = tokens.layout.row(step: end - 1, position: position)
            let same = scores.sliced(row..<row + 1, axis: 0).isIdentical(to: whole.sliced(packed..<packed + 1, axis: 0))
            #expect(same, "\(name): sequence \(row) after \(end)")
          }
          guard zip(done, sequences).allSatisfy({ $0 < $1.count }) else { break }
          scores = try model.next(PackedTokens(zip(sequences, done).map { [$0[$1]] }), &cache)
          done = done.map { $0 + 1 }
        }
      }
    }
  }

  @Test func aTextLongerThanThePositionsIsRefusedAndChangesNothing() throws {
    let model = try TransformerLanguageModel(small(), key: RandomKey(seed: 1))
    let (long, targets) = texts([17])
    #expect(throws: Failure.self) { try model(long) }
    #expect(throws: Failure.self) { try model.loss(long, targets: targets, .inference) }
    var cache = model.makeCache()
    _ = try model.next(texts([16]).tokens, &cache)
    let failure = #expect(throws: Failure.self) { _ = try model.next(texts([1]).tokens, &cache) }
    #expect(failure?.kind == .data && failure?.problem.contains("at most 16 tokens") == true)
    #expect(cache.lengths == [16])
  }

  @Test func sizesThatMakeNoModelAreRefused() {
    let bad: [(inout TransformerLanguageModelConfiguration) -> Void] = [
      { $0.vocabularySize = 0 }, { $0.contextLength = 0 }, { $0.embeddingDropout = 1 },
      { $0.transformer.headCount = 5 }, { $0.attentionWindow = 0 }, { $0.attentionBlock = -1 },
    ]
    for change in bad {
      let failure = #expect(throws: Failure.self) {
        try TransformerLanguageModel(small(change), key: RandomKey(seed: 0))
      }
      #expect(failure?.kind == .configuration)
    }
  }

  @Test func theLeastCountIsThatOfTheMatrices() throws {
    for (name, configuration) in Self.variants {
      let model = try TransformerLanguageModel(configuration, key: RandomKey(seed: 1))
      let count = model.parameters.filter { $0.tensor.shape.rank == 2 }.reduce(0) { $0 + $1.tensor.count }
      #expect(configuration.leastWeightCount == Double(count), "\(name)")
    }
  }
}

@Suite struct BigramModelTests {
  @Test func trainingReachesTheTableOfCounts() throws {
    let ids: [[Int32]] = [[0, 1, 2, 0, 1, 1, 0, 2, 2, 1], [2, 0, 1, 0, 0]]
    let tokens = PackedTokens(ids.map { Array($0.dropLast()) })
    let nexts = PackedTokens(ids.map { Array($0.dropFirst()) }).ids.map { Int($0) }
    let best = BigramModel(counting: ids, vocabularySize: 3, pseudocount: 1e-9).loss(tokens, targets: nexts).scalar
    var optimizer = OptimizerConfiguration()
    optimizer.learningRate = 0.1
    var trainer = Trainer(
      model: BigramModel(vocabularySize: 3), optimizer: Optimizer(optimizer), key: RandomKey(seed: 0))
    var losses: [Double] = []
    for _ in 0..<300 {
      losses.append(
        try trainer.step(on: [(batch: (), count: 1)]) { model, _, _ in model.loss(tokens, targets: nexts) }.loss)
    }
    #expect(abs(losses[0] - 1.0986123) < 1e-6)
    #expect(losses[299] - best < 1e-3 && losses[299] > best - 1e-6, "\(losses[299]) against \(best)")
  }

  @Test func countsBecomeProbabilities() {
    let table = BigramModel(counting: [[0, 1, 0, 0]], vocabularySize: 2, pseudocount: 1).table
    let expected = [2.0 / 4, 2.0 / 4, 2.0 / 3, 1.0 / 3]
    #expect(Disagreement(softmax(table).doubles, expected, relative: 1e-6, absolute: 0).isSmall)
  }
}

@Suite struct AttentiveClassifierTests {
  @Test func headsThatDoNotDivideTheWidthAreRefused() {
    var configuration = ClassifierConfiguration()
    (configuration.kind, configuration.headCount) = (.transformer, 7)
    let failure = #expect(throws: Failure.self) {
      try configuration.kind.makeClassifier(configuration, key: RandomKey(seed: 0))
    }
    #expect(failure?.kind == .configuration && failure?.place == "model.headCount")
    #expect(failure?.problem.contains("divides the width 50") == true)
    configuration.width = 14
    #expect(throws: Never.self) { try configuration.kind.makeClassifier(configuration, key: RandomKey(seed: 0)) }
  }

  @Test func kindsHaveThePartsTheyAreNamedFor() throws {
    var configuration = ClassifierConfiguration()
    (configuration.vocabularySize, configuration.layerCount, configuration.maximumPositions) = (9, 2, 8)
    func names(_ kind: ClassifierKind) throws -> Set<String> {
      configuration.kind = kind
      return Set(try kind.makeClassifier(configuration, key: RandomKey(seed: 0)).parameters.map(\.name))
    }
    let (one, several) = (try names(.selfAttention), try names(.multiHeadAttention))
    #expect(
      several.subtracting(one)
        == ["output.weight", "output.bias"].reduce(into: []) { names, name in
          for block in 0..<2 { names.insert("blocks.\(block).attention.\(name)") }
        })
    #expect(try names(.transformer).isSuperset(of: ["encoder.finalNorm.scale", "positions.table"]))
    (configuration.norm, configuration.positions, configuration.width) = (.none, .sinusoidal, 20)
    let bare = try names(.transformer)
    #expect(!bare.contains { $0.contains("orm") } && !bare.contains("positions.table"))
    #expect(bare.contains("projection.weight"))
  }

  @Test func theLeastCountIsNeverMoreThanThereAre() throws {
    for kind in ClassifierKind.allCases where kind.hasAttentiveBlocks {
      var configuration = ClassifierConfiguration()
      (configuration.kind, configuration.vocabularySize, configuration.layerCount) = (kind, 9, 3)
      let model = try kind.makeClassifier(configuration, key: RandomKey(seed: 0))
      #expect(configuration.leastWeightCount <= Double(model.parameterCount))
      #expect(configuration.leastWeightCount > 0.9 * Double(model.parameterCount))
    }
  }

  @Test func thePapersSizesAreAPreset() throws {
    let blocks = try ClassifierConfiguration.vaswani2017.transformer()
    #expect(blocks == .vaswani2017)
    #expect(try ClassifierConfiguration.laboratoryTransformer.transformer().headCount == 5)
  }
}
