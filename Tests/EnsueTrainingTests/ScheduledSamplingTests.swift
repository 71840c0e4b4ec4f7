// Scheduled sampling: the three decays, and what is replaced.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct ScheduledSamplingTests {
  private func schedule(_ decay: SamplingDecayKind, _ constant: Double) -> ScheduledSampling {
    var schedule = ScheduledSampling()
    (schedule.decay, schedule.constant) = (decay, constant)
    return schedule
  }

  @Test func decaysAreThePapers() {
    var linear = schedule(.linear, 0.9)
    (linear.slope, linear.least) = (0.01, 0.25)
    #expect(linear.trueShare(step: 0) == 0.9)
    #expect(abs(linear.trueShare(step: 40) - 0.5) < 1e-12)
    #expect(linear.trueShare(step: 1_000_000) == 0.25)
    #expect(abs(schedule(.exponential, 0.99).trueShare(step: 100) - 0.366032341273) < 1e-9)
    let sigmoid = schedule(.inverseSigmoid, 10)
    #expect(abs(sigmoid.trueShare(step: 0) - 10 / 11.0) < 1e-12)
    // exp(i / k) = k at i = k ln k.
    #expect(abs(sigmoid.trueShare(step: 23) - 0.5) < 0.001)
    #expect(sigmoid.trueShare(step: 1_000_000) == 0)
    for decay in SamplingDecayKind.allCases {
      let course = schedule(decay, decay == .inverseSigmoid ? 30 : 0.99)
      let shares = (0..<400).map { course.trueShare(step: $0) }
      #expect(shares.allSatisfy { (0...1).contains($0) } && zip(shares, shares.dropFirst()).allSatisfy { $0 >= $1 })
      #expect(throws: Never.self) { try course.check() }
    }
  }

  @Test func badSchedulesAreRefused() {
    for (decay, constant) in [
      (SamplingDecayKind.linear, 0.0), (.linear, 1.5), (.linear, .nan), (.exponential, 1), (.exponential, -0.5),
      (.inverseSigmoid, 0.5), (.inverseSigmoid, .infinity),
    ] {
      #expect(throws: Failure.self, "\(decay) \(constant)") { try schedule(decay, constant).check() }
    }
    var other = schedule(.linear, 1)
    other.slope = -1
    #expect(throws: Failure.self) { try other.check() }
    (other.slope, other.least) = (0.1, 2)
    #expect(throws: Failure.self) { try other.check() }
  }

  private func sampled(
    _ model: AnyTranslationModel, _ sources: [[Int32]], _ inputs: [[Int32]], share: Double,
    _ symbols: SampledSymbolKind, passes: Int = 1, seed: UInt64 = 3
  ) throws -> [[Int32]] {
    try model.sampledInputs(
      sources: PackedTokens(sources), inputs: PackedTokens(inputs), trueShare: share, symbols: symbols,
      passes: passes, key: RandomKey(seed: seed)
    ).sequences
  }

  @Test(arguments: [
    TranslationSample.transformers[0], TranslationSample.fixedContexts[2], TranslationSample.attentive[0],
  ])
  func symbolsAreTheModelsOwn(_ sample: TranslationSample) throws {
    let model = try sample.model()
    let (sources, inputs) = sample.pairs([(3, 6), (5, 4), (2, 1), (4, 7)], seed: 3)
    for symbols in SampledSymbolKind.allCases {
      #expect(try sampled(model, sources, inputs, share: 1, symbols) == inputs)
    }
    // All of them, each the likeliest after the true ones before it.
    let own = try sampled(model, sources, inputs, share: 0, .likeliest)
    for (pair, input) in inputs.enumerated() {
      let likeliest = try model.logits(sources: PackedTokens([sources[pair]]), inputs: PackedTokens([input])).argmax()
      #expect(own[pair] == [input[0]] + likeliest.dropLast().map { Int32($0) }, "\(sample.name)")
    }
    let half = try sampled(model, sources, inputs, share: 0.5, .likeliest)
    for (pair, input) in inputs.enumerated() {
      #expect(zip(half[pair], zip(input, own[pair])).allSatisfy { $0 == $1.0 || $0 == $1.1 })
    }
    #expect(half != own && half != inputs)
    // A function of the key, however many threads.
    let one = try ThreadPool.$current.withValue(ThreadPool(threadCount: 1)) {
      try sampled(model, sources, inputs, share: 0.5, .drawn)
    }
    let five = try ThreadPool.$current.withValue(ThreadPool(threadCount: 5)) {
      try sampled(model, sources, inputs, share: 0.5, .drawn)
    }
    #expect(one == five)
    #expect(try one != sampled(model, sources, inputs, share: 0.5, .drawn, seed: 4))
  }

  /// Bengio et al., step by step: each symbol is chosen after those that were read.
  private func stepByStep(
    _ model: AnyTranslationModel, _ sources: [[Int32]], _ inputs: [[Int32]], share: Double,
    _ symbols: SampledSymbolKind, seed: UInt64 = 3
  ) throws -> [[Int32]] {
    func uniform(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }
    let width = model.vocabularySize
    return try inputs.indices.map { pair -> [Int32] in
      let key = RandomKey(seed: seed).derived(pair)
      var read = [inputs[pair][0]]
      for step in inputs[pair].indices.dropFirst() {
        guard uniform(key.bits(at: 2 * step)) >= share else {
          read.append(inputs[pair][step])
          continue
        }
        let scores = try model.logits(sources: PackedTokens([sources[pair]]), inputs: PackedTokens([read]))
        let probabilities = softmax(scores).floats.suffix(width).map(Double.init)
        let (number, most) = (uniform(key.bits(at: 2 * step + 1)), probabilities.max() ?? 0)
        var (sum, place) = (0.0, 0)
        for symbol in probabilities.indices {
          sum += probabilities[symbol]
          place = symbol
          if symbols == .drawn ? sum > number : probabilities[symbol] == most { break }
        }
        read.append(Int32(place))
      }
      return read
    }
  }

  @Test(arguments: [
    TranslationSample.transformers[0], TranslationSample.fixedContexts[2], TranslationSample.attentive[0],
  ])
  func asManyPassesAsSymbolsAreStepByStep(_ sample: TranslationSample) throws {
    let model = try sample.model()
    let (sources, inputs) = sample.pairs([(3, 6), (5, 4), (2, 1), (4, 7)], seed: 3)
    let longest = (inputs.map(\.count).max() ?? 0) - 1
    for (share, symbols) in [(0.0, SampledSymbolKind.likeliest), (0.3, .drawn), (0, .drawn)] {
      let expected = try stepByStep(model, sources, inputs, share: share, symbols)
      let found = try sampled(model, sources, inputs, share: share, symbols, passes: longest)
      #expect(found == expected, "\(sample.name), \(symbols)")
      #expect(try sampled(model, sources, inputs, share: share, symbols, passes: 3 * longest) == expected)
      // After some passes the first symbols are right, and one is not enough for all.
      let two = try sampled(model, sources, inputs, share: share, symbols, passes: 2)
      #expect(zip(two, expected).allSatisfy { $0.prefix(3) == $1.prefix(3) }, "\(sample.name), \(symbols)")
    }
    // Of some weights it matters what was read.
    let differs = try [0.2, 0.5, 1, 2].contains { deviation in
      let other = try sample.model(deviation: deviation)
      let one = try sampled(other, sources, inputs, share: 0, .drawn)
      return try one != sampled(other, sources, inputs, share: 0, .drawn, passes: longest)
    }
    #expect(differs, "\(sample.name)")
  }

  @Test func symbolsAreDrawnByTheirProbabilities() throws {
    let sample = TranslationSample.transformers[0]
    let model = try sample.model(deviation: 0.2)
    let count = 4000
    let own = try sampled(
      model, .init(repeating: [1, 2, 3], count: count), .init(repeating: [1, 2], count: count), share: 0.25, .drawn)
    let replaced = own.map { $0[1] }
    let probabilities = softmax(
      try model.logits(sources: PackedTokens([[1, 2, 3]]), inputs: PackedTokens([[1]]))
    ).floats.map(Double.init)
    for (symbol, probability) in probabilities.enumerated() {
      let found = Double(replaced.count { $0 == Int32(symbol) }) / Double(count)
      #expect(abs(found - 0.75 * probability - (symbol == 2 ? 0.25 : 0)) < 0.03, "\(symbol)")
    }
  }

  @Test func theLossReadsTheMixture() throws {
    let sample = TranslationSample.attentive[0]
    let model = try sample.model()
    let (sources, inputs) = sample.pairs([(3, 6), (5, 4)], seed: 3)
    let (packedSources, packedInputs) = (PackedTokens(sources), PackedTokens(inputs))
    let targets = packedInputs.ids.indices.map { $0 % 7 }
    let phase = Phase.training(RandomKey(seed: 8))
    func loss(_ share: Double, _ phase: Phase) throws -> Double {
      try model.loss(
        sources: packedSources, inputs: packedInputs, targets: targets, trueShare: share, symbols: .likeliest, phase
      ).scalar
    }
    let plain = try model.loss(sources: packedSources, inputs: packedInputs, targets: targets, phase).scalar
    #expect(try loss(1, phase) == plain)
    #expect(try loss(0, .inference) == plain)
    #expect(try loss(0, phase) != plain)
    let gradients = try valueAndGradient(of: model) {
      try $0.loss(
        sources: packedSources, inputs: packedInputs, targets: targets, trueShare: 0.3, symbols: .drawn, phase)
    }.gradients
    #expect(gradients["embedding.source.weight"] != nil)
  }
}
