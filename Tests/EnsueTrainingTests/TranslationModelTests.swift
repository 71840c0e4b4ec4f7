// The laws of translation models, over every kind: derivatives, a sentence alone, steps and the whole, hypotheses.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct TranslationModelLaws {
  /// Scores of every step of every pair, as numbers.
  private func scores(
    _ model: AnyTranslationModel, _ sources: [[Int32]], _ inputs: [[Int32]]
  ) throws -> [[Float]] {
    let tokens = PackedTokens(inputs)
    let rows = try model.logits(sources: PackedTokens(sources), inputs: tokens).floats
    let width = model.vocabularySize
    let positions = tokens.layout.positions
    return inputs.indices.map { sequence in
      inputs[sequence].indices.flatMap { step -> ArraySlice<Float> in
        let row = tokens.layout.row(step: step, position: Int(positions[sequence]))
        return rows[row * width..<(row + 1) * width]
      }
    }
  }

  @Test(arguments: TranslationSample.all) func gradientsAreThoseOfFiniteDifferences(_ sample: TranslationSample) throws
  {
    let (sources, inputs) = sample.pairs([(3, 2), (1, 3), (4, 1)], seed: 5)
    let (packedSources, packedInputs) = (PackedTokens(sources), PackedTokens(inputs))
    let targets = packedInputs.ids.indices.map {
      $0 == 2 ? -1 : ($0 * 5 + 1) % sample.architecture.targetVocabularySize
    }
    for disagreement in gradientDisagreements(
      of: try sample.model(deviation: 0.3), relative: 2e-5, absolute: 2e-7,
      loss: { model in
        do throws(Failure) {
          return try model.loss(
            sources: packedSources, inputs: packedInputs, targets: targets, labelSmoothing: 0.1, .inference)
        } catch { return Tensor([Double.nan], shape: []) }
      }) where !disagreement.disagreement.isSmall
    {
      Issue.record("\(sample.name): \(disagreement.parameter) \(disagreement.disagreement)")
    }
  }

  @Test(arguments: TranslationSample.all) func aPairAloneIsThePairInABatch(_ sample: TranslationSample) throws {
    let model = try sample.model()
    let (sources, inputs) = sample.pairs([(3, 2), (7, 5), (1, 6), (7, 1), (4, 6)], seed: 6)
    let together = try scores(model, sources, inputs)
    let order = [3, 0, 4, 2, 1]
    let turned = try scores(model, order.map { sources[$0] }, order.map { inputs[$0] })
    for pair in sources.indices {
      #expect(try scores(model, [sources[pair]], [inputs[pair]])[0] == together[pair], "\(sample.name), pair \(pair)")
      #expect(turned[order.firstIndex(of: pair) ?? 0] == together[pair], "\(sample.name), pair \(pair) moved")
    }
    #expect(Set(together.flatMap { $0 }).count > 50)
  }

  @Test(arguments: TranslationSample.all) func blocksOfRowsAreTheWhole(_ sample: TranslationSample) throws {
    let model = try sample.model()
    let (sources, inputs) = sample.pairs([(3, 4), (7, 6), (1, 6), (5, 2)], seed: 7)
    let (packedSources, packedInputs) = (PackedTokens(sources), PackedTokens(inputs))
    let whole = try model.logits(sources: packedSources, inputs: packedInputs).floats
    for rowLimit in [1, 5, 100] {
      var (blocks, sizes): ([Float], [Int]) = ([], [])
      try model.forEachBlock(sources: packedSources, inputs: packedInputs, rowLimit: rowLimit) { scores in
        blocks += scores.floats
        sizes.append(scores.shape[0])
      }
      #expect(blocks == whole, "\(sample.name), \(rowLimit) rows")
      #expect(sizes.allSatisfy { (1...rowLimit).contains($0) } && sizes.reduce(0, +) == packedInputs.ids.count)
    }
  }

  @Test(arguments: TranslationSample.all) func stepsAreTheWhole(_ sample: TranslationSample) throws {
    let model = try sample.model()
    let (sources, inputs) = sample.pairs([(3, 4), (7, 6), (1, 6), (5, 2)], seed: 7)
    let whole = try scores(model, sources, inputs)
    for pieces in [[1, 1, 1, 1, 1, 1], [3, 1, 2], [6]] {
      var memory = try model.makeMemory(PackedTokens(sources))
      var (alive, done) = (Array(sources.indices), sources.map { _ in 0 })
      for piece in pieces {
        // Those that have ended leave; the others turn round.
        let kept = Array(alive.indices.filter { done[alive[$0]] < inputs[alive[$0]].count }.reversed())
        model.select(kept, in: &memory)
        alive = kept.map { alive[$0] }
        let tokens = alive.map { Array(inputs[$0][done[$0]..<min(inputs[$0].count, done[$0] + piece)]) }
        let found = try model.next(PackedTokens(tokens), &memory)
        for (row, pair) in alive.enumerated() {
          done[pair] += tokens[row].count
          let width = model.vocabularySize
          let expected = Array(whole[pair][(done[pair] - 1) * width..<done[pair] * width])
          #expect(
            found.floatRows[row] == expected, "\(sample.name), pair \(pair) after \(done[pair]) in pieces of \(pieces)")
        }
      }
      #expect(done == inputs.map(\.count))
    }
  }

  @Test(arguments: TranslationSample.all) func hypothesesOfASourceGoOnAsIfAlone(_ sample: TranslationSample) throws {
    let model = try sample.model().prepared()
    let (sources, _) = sample.pairs([(3, 1), (6, 1)], seed: 8)
    var memory = try model.makeMemory(PackedTokens(sources))
    model.select([1, 0, 1], in: &memory)
    _ = try model.next(PackedTokens([[1, 2], [3], [2]]), &memory)
    let copy = memory
    model.select([2, 0, 0, 1], in: &memory)
    let after = try model.next(PackedTokens([[4], [5], [6], [0]]), &memory)
    var fresh = try model.makeMemory(PackedTokens([sources[1], sources[1], sources[1], sources[0]]))
    let expected = try model.next(PackedTokens([[2, 4], [1, 2, 5], [1, 2, 6], [3, 0]]), &fresh)
    #expect(after.isIdentical(to: expected), "\(sample.name)")
    // A memory is a value.
    var untouched = copy
    let again = try model.next(PackedTokens([[4], [5], [6]]), &untouched)
    #expect((again.floatRows[2] != after.floatRows[2]) != sample.isFed)
    var alone = try model.makeMemory(PackedTokens([sources[1]]))
    #expect(try model.next(PackedTokens([[2, 6]]), &alone).floatRows[0] == again.floatRows[2], "\(sample.name)")
  }

  @Test(arguments: TranslationSample.all) func preparedModelsAreTheSame(_ sample: TranslationSample) throws {
    let model = try sample.model()
    let (sources, inputs) = sample.pairs([(3, 4), (5, 2)], seed: 10)
    var prepared = model.prepared()
    #expect(try scores(prepared, sources, inputs) == scores(model, sources, inputs))
    // What was laid out goes with a change of weights.
    prepared.forEachParameter { _, tensor, _ in tensor = tensor * 0.5 }
    var halved = model
    halved.forEachParameter { _, tensor, _ in tensor = tensor * 0.5 }
    #expect(try scores(prepared, sources, inputs) == scores(halved, sources, inputs))
    var (memory, other) = (
      try prepared.makeMemory(PackedTokens(sources)), try halved.makeMemory(PackedTokens(sources))
    )
    let tokens = PackedTokens([[1], [2]])
    #expect(try prepared.next(tokens, &memory).isIdentical(to: halved.next(tokens, &other)), "\(sample.name)")
  }

  @Test(arguments: TranslationSample.all) func alignmentsOfStepsAreThoseOfTheWhole(_ sample: TranslationSample) throws {
    let model = try sample.model()
    let (sources, inputs) = sample.pairs([(3, 3), (6, 3)], seed: 11)
    let whole = try model.attention(sources: PackedTokens(sources), inputs: PackedTokens(inputs))
    var memory = try model.makeMemory(PackedTokens(sources))
    #expect(model.alignments(in: memory).isEmpty)
    for step in 0..<3 {
      _ = try model.next(PackedTokens(inputs.map { [$0[step]] }), &memory)
      let heads = model.alignments(in: memory)
      #expect(heads.count == whole.count)
      for (head, weights) in heads.enumerated() {
        #expect(weights.map(\.count) == sources.map(\.count))
        for pair in sources.indices {
          let (found, expected) = (weights[pair].map(Double.init), whole[head][pair][step].map(Double.init))
          #expect(
            Disagreement(found, expected, relative: 0, absolute: 1e-6).isSmall, "\(sample.name), head \(head + 1)")
        }
      }
    }
    if let twice = model.alignments(in: memory).first {
      model.select([1, 1], in: &memory)
      #expect(model.alignments(in: memory).first == [twice[1], twice[1]])
    }
  }

  @Test func headsAreThoseOfAllBlocksAndNoneOfFixedContexts() throws {
    let counts = try TranslationSample.all.map { sample in
      let (sources, inputs) = sample.pairs([(3, 2)], seed: 1)
      return try sample.model().attention(sources: PackedTokens(sources), inputs: PackedTokens(inputs)).count
    }
    #expect(counts == [4, 2, 4] + [0, 0, 0, 0, 0, 0] + [1, 1, 1, 1, 1, 1, 1, 1, 1])
  }

  /// The distribution's sum is 1 where nothing is local.
  @Test(arguments: TranslationSample.transformers + TranslationSample.attentive.prefix(6))
  func weightsAreProbabilities(_ sample: TranslationSample) throws {
    let (sources, inputs) = sample.pairs([(3, 2), (8, 4)], seed: 12)
    let heads = try sample.model().attention(sources: PackedTokens(sources), inputs: PackedTokens(inputs))
    for weights in heads.flatMap({ $0 }).flatMap({ $0 }) {
      #expect(weights.allSatisfy { $0 >= 0 } && abs(weights.reduce(0, +) - 1) < 1e-5, "\(sample.name)")
    }
  }

  /// The order of a source matters, but for what a reversed one's weights are called.
  @Test func aReversedSourceIsReadFromItsEnd() throws {
    for sample in TranslationSample.all {
      guard case .recurrent(var configuration) = sample.architecture else { continue }
      configuration.reversesSource.toggle()
      let other = TranslationSample(name: sample.name, architecture: .recurrent(configuration))
      let (sources, inputs) = sample.pairs([(5, 3)], seed: 13)
      let reversed = [Array(sources[0].reversed())]
      #expect(
        try scores(other.model(), reversed, inputs) == scores(sample.model(), sources, inputs), "\(sample.name)")
      let heads = try sample.model().attention(sources: PackedTokens(sources), inputs: PackedTokens(inputs))
      let turned = try other.model().attention(sources: PackedTokens(reversed), inputs: PackedTokens(inputs))
      #expect(turned.map { $0.map { $0.map { Array($0.reversed()) } } } == heads)
    }
  }
}

extension Tensor {
  fileprivate var floatRows: [[Float]] {
    (0..<shape[0]).map { Array(floats[$0 * shape[1]..<($0 + 1) * shape[1]]) }
  }
}
