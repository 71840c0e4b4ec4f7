// Beam search against brute force, greedy generation and scores made again.

import EnsueDecoding
import EnsueFiles
import EnsueModels
import EnsueTensor
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct BeamSearchTests {
  private static let prompt: [Int32] = [1, 2]

  /// log p of every symbol after what was read.
  private static func logarithms(_ model: WrittenModel, _ read: [Int32]) -> [Double] {
    logSoftmax(Tensor(model.scores(read), shape: [1, model.vocabularySize])).doubles
  }

  /// All continuations that end with a symbol of `endIDs`, or at the limit.
  private static func continuations(
    _ model: WrittenModel, limit: Int, endIDs: Set<Int32>
  ) -> [(ids: [Int32], logProbability: Double)] {
    var (open, all) = ([(ids: [Int32](), logProbability: 0.0)], [(ids: [Int32], logProbability: Double)]())
    for length in 1...limit {
      var next: [(ids: [Int32], logProbability: Double)] = []
      for (ids, sum) in open {
        for (id, logarithm) in logarithms(model, prompt + ids).enumerated() {
          let longer = (ids: ids + [Int32(id)], logProbability: sum + logarithm)
          if endIDs.contains(Int32(id)) || length == limit { all.append(longer) } else { next.append(longer) }
        }
      }
      open = next
    }
    return all
  }

  private static func score(_ found: (ids: [Int32], logProbability: Double), _ penalty: Double) -> Double {
    found.logProbability / pow(Double(5 + found.ids.count) / 6, penalty)
  }

  @Test(arguments: [0.0, 0.6, 2.0, -0.8]) func aWideBeamIsExhaustive(penalty: Double) throws {
    for seed in 0..<6 {
      let model = WrittenModel.random(3, seed: UInt64(seed))
      for endIDs in [[0], [], [0, 1]] as [Set<Int32>] {
        let search = BeamSearch(width: 81, lengthPenalty: penalty, resultCount: 7)
        let found = try search.search(model, prompt: Self.prompt, limit: 4, endIDs: endIDs)
        let all = Self.continuations(model, limit: 4, endIDs: endIDs)
          .sorted { Self.score($0, penalty) > Self.score($1, penalty) }
        #expect(found.map(\.ids) == all.prefix(7).map(\.ids), "seed \(seed), ends \(endIDs)")
        for (hypothesis, expected) in zip(found, all) {
          #expect(abs(hypothesis.logProbability - expected.logProbability) < 1e-12)
          #expect(abs(hypothesis.score - Self.score(expected, penalty)) < 1e-12)
          #expect(hypothesis.isComplete == (hypothesis.ids.last.map(endIDs.contains) ?? false))
        }
      }
    }
  }

  @Test func aWidthOfOneIsGreedyAndWiderBeamsAreBetter() throws {
    var (better, worse) = (0, 0)
    for seed in 0..<40 {
      let model = WrittenModel.random(6, seed: UInt64(100 + seed))
      var generator = try TokenGenerator(model, prompts: [Self.prompt], options: .greedy, endIDs: [0], limit: 8)
      var greedy = (ids: [Int32](), logProbability: 0.0)
      while let token = try generator.next().first {
        greedy.ids.append(token.id)
        greedy.logProbability += token.logProbability
      }
      for (width, penalty) in [(1, 0.0), (2, 0), (3, 0.7), (5, 0)] {
        let search = BeamSearch(width: width, lengthPenalty: penalty)
        let best = try #require(try search.search(model, prompt: Self.prompt, limit: 8, endIDs: [0]).first)
        if width == 1 { #expect(best.ids == greedy.ids, "seed \(seed)") }
        let gain = best.score - Self.score(greedy, penalty)
        (better, worse) = (better + (gain > 1e-9 ? 1 : 0), worse + (gain < -1e-9 ? 1 : 0))
      }
    }
    // One that pruned the greedy continuation may end with a worse one, but that is rare.
    #expect(better > 40 && worse * 10 < better, "of 120 beams \(better) are better than greedy, \(worse) worse")
  }

  private func checkRescored<Model: LanguageModel>(_ model: Model, _ sample: SampleModel) throws {
    let found = try BeamSearch(width: 4, lengthPenalty: 0.5, resultCount: 4)
      .search(model, prompt: Self.prompt, limit: 8, endIDs: [3])
    #expect(found.count == 4 && Set(found.map(\.ids)).count == 4)
    #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
    for hypothesis in found {
      let text = Self.prompt + hypothesis.ids
      let logarithms = logSoftmax(try sample.whole(text).converted(to: .float64)).doubles
      var sum = 0.0
      for (place, id) in hypothesis.ids.enumerated() {
        sum += logarithms[(Self.prompt.count + place - 1) * SampleModel.vocabularySize + Int(id)]
      }
      #expect(hypothesis.logProbability == sum, "\(sample.name)")
      #expect(hypothesis.logProbabilities.count == hypothesis.ids.count)
      for (place, (found, id)) in zip(hypothesis.logProbabilities, hypothesis.ids).enumerated() {
        let expected = logarithms[(Self.prompt.count + place - 1) * SampleModel.vocabularySize + Int(id)]
        #expect(abs(found - expected) < 1e-12, "\(sample.name)")
      }
      #expect(hypothesis.isComplete == (hypothesis.ids.last == 3))
      #expect(hypothesis.isComplete || hypothesis.ids.count == 8)
      #expect(!hypothesis.ids.dropLast().contains(3))
    }
  }

  @Test func scoresAreThoseOfReadingAgain() throws {
    for sample in try SampleModel.all() { try checkRescored(sample.model, sample) }
  }

  /// The rest is searched as it was, with the probabilities it had.
  @Test func excludedSymbolsAreNotWritten() throws {
    let model = WrittenModel.random(4, seed: 3)
    let search = BeamSearch(width: 256, resultCount: 5, excludedIDs: [1, 3, 99, -1])
    let found = try search.search(model, prompt: Self.prompt, limit: 4, endIDs: [0])
    let all = Self.continuations(model, limit: 4, endIDs: [0]).filter { !$0.ids.contains(1) && !$0.ids.contains(3) }
      .sorted { $0.logProbability > $1.logProbability }
    #expect(all.count == 5 && found.map(\.ids) == all.map(\.ids))
    for (hypothesis, expected) in zip(found, all) {
      #expect(abs(hypothesis.logProbability - expected.logProbability) < 1e-12)
    }
    let none = BeamSearch(width: 2, excludedIDs: [0, 1, 2, 3])
    #expect(try none.search(model, prompt: Self.prompt, limit: 4, endIDs: [0]).first?.ids == [])
  }

  @Test func theEdgesOfASearch() throws {
    let model = WrittenModel.random(4, seed: 1)
    let search = BeamSearch(width: 3)
    #expect(try search.search(model, prompt: [1], limit: 0, endIDs: []).isEmpty)
    #expect(try search.search(model, prompt: [1], limit: 5, endIDs: [0, 1, 2, 3]).map(\.ids.count) == [1])
    #expect(throws: Failure.self) { try search.search(model, prompt: [], limit: 5, endIDs: []) }
    // Only what can follow: one way leads on, and it ends.
    let narrow = WrittenModel(vocabularySize: 3) {
      $0.count < 4 ? [-.infinity, 1, -.infinity] : [0, -.infinity, -.infinity]
    }
    let found = try BeamSearch(width: 5, resultCount: 5).search(narrow, prompt: [2], limit: 9, endIDs: [0])
    #expect(found.map(\.ids) == [[1, 1, 1, 0]] && found[0].logProbability == 0)
    // Beyond a context the search goes on.
    var short = WrittenModel.random(4, seed: 1)
    short.contextLength = 4
    #expect(try search.search(short, prompt: [1], limit: 12, endIDs: []).map(\.ids.count) == [12])
  }
}
