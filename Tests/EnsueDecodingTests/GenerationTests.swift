// Generation: each symbol follows from all before it, whatever is beside it; ends, limits, and the edge of a context.

import EnsueDecoding
import EnsueFiles
import EnsueModels
import EnsueTensor
import Testing

/// Everything that a generator gives, by sequence.
private func generated<Model: LanguageModel>(
  _ model: Model, _ prompts: [[Int32]], _ options: SamplingOptions, endIDs: Set<Int32> = [], limit: Int
) throws -> [[GeneratedToken]] {
  var generator = try TokenGenerator(model, prompts: prompts, options: options, endIDs: endIDs, limit: limit)
  var result = prompts.map { _ in [GeneratedToken]() }
  while true {
    let step = try generator.next()
    if step.isEmpty { return result }
    #expect(step.map(\.sequence) == step.map(\.sequence).sorted())
    for token in step { result[token.sequence].append(token) }
  }
}

private func sampling(_ temperature: Double = 0.9) -> SamplingOptions {
  SamplingOptions(temperature: temperature, seed: 3)
}

@Suite struct GenerationTests {
  private static let prompts = SampleModel.texts([3, 1, 6, 2], seed: 11)

  private func checkGreedy<Model: LanguageModel>(_ model: Model, _ sample: SampleModel) throws {
    let found = try generated(model, Self.prompts, .greedy, limit: 6)
    for (prompt, tokens) in zip(Self.prompts, found) {
      var text = prompt
      for token in tokens {
        let row = try sample.whole(text).sliced(text.count - 1..<text.count, axis: 0)
        let scores = row.doubles
        let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
        #expect(Int(token.id) == best, "\(sample.name) after \(text)")
        let logarithm = logSoftmax(row.converted(to: .float64)).doubles[best]
        #expect(token.logProbability == logarithm)
        text.append(token.id)
      }
      #expect(text.count == prompt.count + 6)
    }
  }

  @Test func greedyIsTheLikeliestOfTheWholeForwardPass() throws {
    for sample in try SampleModel.all() { try checkGreedy(sample.model, sample) }
  }

  private func checkAlone<Model: LanguageModel>(_ model: Model, _ name: String) throws {
    var options = sampling()
    (options.topP, options.repetitionPenalty, options.likeliestCount) = (0.95, 1.2, 2)
    // Long enough for contexts of twelve to be filled, at different times, and ends that thin the batch out.
    let together = try generated(model, Self.prompts, options, endIDs: [5], limit: 30)
    for number in Self.prompts.indices {
      // The number of a sequence is part of its draws: the others are there, and end at once.
      var generator = try TokenGenerator(
        model, prompts: Self.prompts, options: options, endIDs: [5], limit: 30)
      for other in Self.prompts.indices where other != number { generator.end(other) }
      var alone: [GeneratedToken] = []
      while case let step = try generator.next(), !step.isEmpty { alone += step }
      #expect(alone == together[number], "\(name): sequence \(number)")
    }
  }

  @Test func aSequenceDoesNotDependOnTheOthers() throws {
    for sample in try SampleModel.all() { try checkAlone(sample.model, sample.name) }
  }

  @Test func endsAreGivenAndEndTheSequence() throws {
    // Counts up from what was read last; 9 ends.
    let model = WrittenModel(vocabularySize: 10) { read in (0..<10).map { $0 == Int(read.last ?? 0) + 1 ? 5.0 : 0 } }
    let found = try generated(model, [[2], [7], [8], [4]], .greedy, endIDs: [9], limit: 4)
    #expect(found.map { $0.map(\.id) } == [[3, 4, 5, 6], [8, 9], [9], [5, 6, 7, 8]])
    #expect(found.map { $0.last?.isEnd } == [false, true, true, false])
    #expect(found.allSatisfy { $0.dropLast().allSatisfy { !$0.isEnd } })
    #expect(try generated(model, [[2]], .greedy, limit: 0) == [[]])
    #expect(try generated(model, [], .greedy, limit: 5).isEmpty)
    var generator = try TokenGenerator(model, prompts: [[1], [2]], options: .greedy, limit: 9)
    #expect(try generator.next().map(\.id) == [2, 3])
    generator.end(0)
    #expect(try generator.next().map(\.sequence) == [1])
    generator.end(1)
    #expect(try generator.next().isEmpty)
    #expect(try generator.next().isEmpty)
  }

  @Test func aFilledContextIsReadAgainFromItsLastHalf() throws {
    for context in [1, 2, 5, 12] {
      // Scores that tell everything the memory holds.
      var model = WrittenModel.random(7, seed: 5)
      model.contextLength = context
      let prompt = Array([Int32]([1, 2, 3, 4, 5]).prefix(context))
      let found = try generated(model, [prompt], .greedy, limit: 40)[0].map(\.id)
      var (window, expected) = (prompt, [Int32]())
      for _ in 0..<40 {
        let scores = model.scores(window)
        let best = Int32(scores.indices.max { scores[$0] < scores[$1] } ?? 0)
        expected.append(best)
        window.append(best)
        if window.count > context { window = window.suffix(max(1, context / 2)) }
      }
      #expect(found == expected, "context \(context)")
    }
  }

  @Test func promptsThatCannotBeReadAreFailures() throws {
    var model = WrittenModel.random(7, seed: 5)
    model.contextLength = 4
    for prompts in [[[1], []], [[1, 7]], [[-1]], [[1], [1, 2, 3, 4, 5]]] as [[[Int32]]] {
      let failure = #expect(throws: Failure.self) { try TokenGenerator(model, prompts: prompts, limit: 3) }
      #expect(failure?.kind == .data && failure?.place == "prompt")
    }
    let failure = #expect(throws: Failure.self) {
      try TokenGenerator(model, prompts: [[1]], options: sampling(-1), limit: 3)
    }
    #expect(failure?.kind == .configuration)
    let damaged = WrittenModel(vocabularySize: 3) { $0.count > 2 ? [0, .nan, 1] : [0, 1, 2] }
    var generator = try TokenGenerator(damaged, prompts: [[1]], limit: 9)
    #expect(try generator.next().count == 1 && generator.next().count == 1)
    #expect(throws: Failure.self) { try generator.next() }
  }

  @Test(arguments: [1, 2, 5]) func threadsChangeNothing(threads: Int) throws {
    for sample in try SampleModel.wide() {
      func ids(_ model: some LanguageModel, _ threads: Int) throws -> [[Int32]] {
        try ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
          try generated(model, Self.prompts, sampling(), endIDs: [5], limit: 8).map { $0.map(\.id) }
        }
      }
      #expect(try ids(sample.model, threads) == ids(sample.model, 1))
    }
  }
}
