// Batched search for translations against the plain search, against brute force, and against itself in other batches.

import EnsueDecoding
import EnsueFiles
import EnsueModels
import EnsueTensor
import Testing

@Suite struct TranslationSearchTests {
  private static let (begin, end) = (Int32(4), Int32(0))

  /// A choice out of some, by a place of a random stream.
  private static func pick<Value>(_ values: [Value], _ key: RandomKey, _ place: Int) -> Value {
    values[Int(key.bits(at: place) % UInt64(values.count))]
  }

  /// Options drawn at random.
  private static func randomSearch(_ key: RandomKey) -> TranslationSearch {
    var search = TranslationSearch(
      width: pick([1, 2, 3, 5, 9], key, 0), lengthPenalty: pick([0, 1, 0.6, -0.7, 2.5], key, 1))
    search.resultCount = min(search.width, pick([1, 2, 4], key, 2))
    search.coveragePenalty = pick([0, 0, 0.3, 2], key, 3)
    search.minimumLength = pick([0, 0, 2, 4], key, 4)
    search.maximumLength = pick(
      [.symbols(1), .symbols(3), .symbols(6), LengthLimit(factor: 0.7, constant: 1, bound: 5)], key, 5)
    search.forbiddenRepeat = pick([nil, nil, 1, 2, 3], key, 6)
    search.forbiddenIDs = pick([[], [], [2], [1, 3]], key, 7)
    search.batchSize = pick([1, 2, 3, 32], key, 8)
    return search
  }

  private static func check(_ found: [TranslationHypothesis], _ plain: [PlainHypothesis], _ note: String) {
    #expect(found.map { $0.ids + ($0.isComplete ? [end] : []) } == plain.map(\.ids), "\(note)")
    #expect(found.map(\.isComplete) == plain.map(\.isComplete), "\(note)")
    for (hypothesis, expected) in zip(found, plain) {
      #expect(abs(hypothesis.logProbability - expected.sum) < 1e-12, "\(note)")
      #expect(abs(hypothesis.score - expected.score) < 1e-6, "\(note)")
    }
  }

  @Test func equalsThePlainSearch() throws {
    for trial in 0..<250 {
      let key = RandomKey(seed: 5).derived(trial)
      var model = WrittenTranslator.random(5, seed: UInt64(trial), spread: Self.pick([1, 4, 8], key, 20))
      model.headCount = Self.pick([0, 1, 3], key, 21)
      model.contextLength = Self.pick([nil, nil, 4], key, 22)
      let search = Self.randomSearch(key)
      let sources = randomSources([3, 1, 4, 1, 6], seed: UInt64(trial))
      let prefixes: [[Int32]] = Self.pick([[], [], [[1, 1, 2], [], [3], [], [2, 4]]], key, 23)
      let found = try search.search(model, sources: sources, prefixes: prefixes, begin: Self.begin, end: Self.end)
      for (number, source) in sources.enumerated() {
        let plain = PlainSearch(
          model: model, options: search, begin: Self.begin, end: Self.end, source: source,
          prefix: prefixes.isEmpty ? [] : prefixes[number])
        Self.check(found[number], plain.results(), "trial \(trial), source \(number), \(search)")
      }
    }
  }

  /// All translations that end, or have the length of the limit.
  private static func all(_ plain: PlainSearch, limit: Int) -> [PlainHypothesis] {
    var (open, all) = ([PlainHypothesis()], [PlainHypothesis]())
    for length in 1...limit {
      var next: [PlainHypothesis] = []
      for parent in open {
        for (id, logarithm) in plain.logarithms(after: parent.ids).enumerated() {
          guard let logarithm else { continue }
          let isEnd = Int32(id) == end
          let longer = PlainHypothesis(ids: parent.ids + [Int32(id)], sum: parent.sum + logarithm, isComplete: isEnd)
          if isEnd || length == limit { all.append(longer) } else { next.append(longer) }
        }
      }
      open = next
    }
    return all
  }

  @Test(arguments: [0.0, 1.0, -0.8, 3.0]) func aWideBeamIsExhaustive(penalty: Double) throws {
    for seed in 0..<8 {
      let model = WrittenTranslator.random(5, seed: UInt64(seed))
      var search = TranslationSearch(width: 200, lengthPenalty: penalty, resultCount: 9)
      search.maximumLength = .symbols(4)
      let source: [Int32] = [1, 2]
      let plain = PlainSearch(model: model, options: search, begin: Self.begin, end: Self.end, source: source)
      // 1 + 3 + 9 + 27 that end, 81 at the limit.
      let all = Self.all(plain, limit: 4)
      #expect(all.count == 121)
      let best = all.map(plain.scored).sorted { $0.score > $1.score }
      let found = try search.search(model, sources: [source], begin: Self.begin, end: Self.end)[0]
      Self.check(found, Array(best.prefix(9)), "seed \(seed)")
    }
  }

  @Test func aWidthOfOneIsGreedyAndWiderBeamsAreBetter() throws {
    var (better, worse) = (0, 0)
    for seed in 0..<30 {
      let model = WrittenTranslator.random(8, seed: UInt64(seed))
      let source: [Int32] = [Int32(seed % 9)]
      var greedy: [Int32] = []
      while greedy.count < 22, greedy.last != Self.end {
        var scores = model.scores(source, [Self.begin] + greedy)
        scores[Int(Self.begin)] = -.infinity
        greedy.append(Int32(scores.indices.max { scores[$0] < scores[$1] } ?? 0))
      }
      func best(_ width: Int, _ penalty: Double) throws -> TranslationHypothesis {
        let search = TranslationSearch(width: width, lengthPenalty: penalty)
        return try #require(try search.search(model, sources: [source], begin: Self.begin, end: Self.end)[0].first)
      }
      for penalty in [0, 1, -0.5] {
        let narrow = try best(1, penalty)
        #expect(narrow.ids + (narrow.isComplete ? [Self.end] : []) == greedy)
        for width in [2, 3, 7] {
          let gain = try best(width, penalty).score - narrow.score
          (better, worse) = (better + (gain > 1e-9 ? 1 : 0), worse + (gain < -1e-9 ? 1 : 0))
        }
      }
    }
    // One that pruned the greedy translation may end with a worse one, but that is rare.
    #expect(better > 60 && worse * 10 < better, "of 270 beams \(better) are better than greedy, \(worse) worse")
  }

  private func checkBatches<Model: TranslationModel>(_ model: Model, begin: Int32) throws {
    let sources = randomSources([5, 1, 7, 2, 2, 6, 3, 4, 1], seed: 8)
    var search = TranslationSearch(width: 4, lengthPenalty: 0.8, resultCount: 3)
    (search.coveragePenalty, search.keepsAlignments) = (0.2, true)
    search.maximumLength = LengthLimit(factor: 1, constant: 4, bound: 9)
    let alone = try sources.map { try search.search(model, sources: [$0], begin: begin, end: 0)[0] }
    #expect(Set(alone.map { $0[0].ids }).count > 4, "translations that hardly differ show nothing")
    for size in [1, 2, 4, 32] {
      search.batchSize = size
      #expect(try search.search(model, sources: sources, begin: begin, end: 0) == alone)
      let backwards = try search.search(model, sources: sources.reversed(), begin: begin, end: 0)
      #expect(backwards.reversed() == alone)
    }
  }

  @Test func batchesChangeNothing() throws {
    var model = WrittenTranslator.random(6, seed: 3)
    model.headCount = 2
    try checkBatches(model, begin: 5)
    model.elementType = .float32
    try checkBatches(model, begin: 5)
    try checkBatches(try sampleTransformer(), begin: 10)
  }

  private func checkRescored<Model: TranslationModel>(_ model: Model, begin: Int32) throws {
    let sources = randomSources([5, 1, 7, 2, 2], seed: 9)
    var search = TranslationSearch(width: 5, lengthPenalty: 0.5, resultCount: 5)
    search.maximumLength = .symbols(12)
    let found = try search.search(model, sources: sources, begin: begin, end: 0)
    for isComplete in [true, false] {
      let pairs = zip(sources, found).flatMap { source, found in
        found.filter { $0.isComplete == isComplete }.map { (source: source, hypothesis: $0) }
      }
      #expect(!isComplete || pairs.count > 3)
      let logarithms = try TranslationScoring.logProbabilities(
        model, sources: pairs.map(\.source), targets: pairs.map(\.hypothesis.ids), begin: begin,
        end: isComplete ? 0 : nil, batchSize: 3)
      for (pair, logarithms) in zip(pairs, logarithms) {
        #expect(logarithms.count == pair.hypothesis.ids.count + (isComplete ? 1 : 0))
        #expect(logarithms.reduce(0, +) == pair.hypothesis.logProbability)
      }
    }
  }

  @Test func scoresAreThoseOfScoringTheOutput() throws {
    var model = WrittenTranslator.random(6, seed: 3)
    try checkRescored(model, begin: 5)
    model.elementType = .float32
    try checkRescored(model, begin: 5)
    try checkRescored(try sampleTransformer(), begin: 10)
    try checkRescored(try sampleRecurrent(), begin: 10)
  }
}
