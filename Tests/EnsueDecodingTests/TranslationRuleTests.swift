// What a search is told to keep to: prefixes, lengths, repetitions, alignments; what it refuses; who leaves the batch.

import EnsueDecoding
import EnsueFiles
import EnsueModels
import EnsueTensor
import Testing

@Suite struct TranslationRuleTests {
  private static let (begin, end) = (Int32(4), Int32(0))
  private static let sources = randomSources([3, 1, 4, 1, 6, 2], seed: 2)

  private static func hypotheses(
    _ model: WrittenTranslator, prefixes: [[Int32]] = [], _ change: (inout TranslationSearch) -> Void
  ) throws -> [[TranslationHypothesis]] {
    var search = TranslationSearch(width: 4, resultCount: 4)
    search.maximumLength = .symbols(12)
    change(&search)
    return try search.search(model, sources: sources, prefixes: prefixes, begin: begin, end: end)
  }

  @Test func prefixesAreForced() throws {
    let model = WrittenTranslator.random(5, seed: 1)
    let prefixes: [[Int32]] = [[1, 1, 1], [], [4, 2], [3], [2, 2], [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1]]
    let found = try Self.hypotheses(model, prefixes: prefixes) { ($0.forbiddenRepeat, $0.forbiddenIDs) = (2, [3]) }
    for (prefix, found) in zip(prefixes, found) {
      #expect(found.allSatisfy { $0.ids.starts(with: prefix) })
      #expect(found.allSatisfy { !$0.ids.dropFirst(prefix.count).contains(3) })
    }
    // At its limit with the prefix alone.
    #expect(found[5].map(\.ids) == [prefixes[5]] && !found[5][0].isComplete)
    #expect(throws: Failure.self) { try Self.hypotheses(model, prefixes: [[1, 0], [], [], [], [], []]) { _ in } }
  }

  private static func repeats(_ length: Int, _ ids: [Int32]) -> Bool {
    guard ids.count >= length else { return false }
    let runs = (0...ids.count - length).map { Array(ids[$0..<$0 + length]) }
    return Set(runs).count < runs.count
  }

  @Test(arguments: [1, 2, 3]) func runsAreNotRepeated(length: Int) throws {
    // It likes its last symbol best, and hardly ever ends.
    let model = WrittenTranslator(vocabularySize: 6) { source, read in
      (0..<6).map { Int32($0) == read.last ? 3 : $0 == 0 ? -3 : Double($0 + source.count) / 9 }
    }
    let free = try Self.hypotheses(model) { _ in }.flatMap { $0 }
    #expect(free.contains { Self.repeats(length, $0.ids) })
    let found = try Self.hypotheses(model) { $0.forbiddenRepeat = length }.flatMap { $0 }
    #expect(found.allSatisfy { !Self.repeats(length, $0.ids) })
    #expect(found.contains { $0.ids.count > 2 })
  }

  @Test func lengthsAreKept() throws {
    let model = WrittenTranslator.random(5, seed: 7)
    let free = try Self.hypotheses(model) { _ in }.flatMap { $0 }
    #expect(free.contains { $0.ids.count < 3 } && free.contains { $0.ids.count > 5 })
    for hypothesis in try Self.hypotheses(model, { ($0.minimumLength, $0.maximumLength) = (3, .symbols(6)) }).joined() {
      #expect((3...6).contains(hypothesis.ids.count))
      #expect(hypothesis.isComplete ? hypothesis.ids.count < 6 : hypothesis.ids.count == 6)
    }
    #expect(try Self.hypotheses(model) { ($0.minimumLength, $0.maximumLength) = (9, .symbols(2)) }[0][0].ids.count == 2)
    let limit = LengthLimit(factor: 1.5, constant: 2, bound: 9)
    #expect([0, 1, 2, 4, 100].map { limit($0) } == [2, 3, 5, 8, 9])
    #expect(LengthLimit(factor: 1e300, constant: .max, bound: 7)(.max) == 7)
    #expect(LengthLimit(factor: 0, constant: -5, bound: 7)(3) == 1)
  }

  @Test func alignmentsFollowTheirHypotheses() throws {
    var model = WrittenTranslator.random(5, seed: 4)
    model.headCount = 2
    #expect(try Self.hypotheses(model) { _ in }.joined().allSatisfy { $0.alignment.isEmpty })
    let found = try Self.hypotheses(model) { $0.keepsAlignments = true }
    for (source, found) in zip(Self.sources, found) {
      for hypothesis in found {
        let written = hypothesis.ids + (hypothesis.isComplete ? [Self.end] : [])
        let expected = (0..<2).map { head in
          written.indices.map { model.weights(head, source, [Self.begin] + written.prefix($0)) }
        }
        #expect(hypothesis.alignment == expected)
      }
    }
    model.headCount = 0
    #expect(try Self.hypotheses(model) { $0.keepsAlignments = true }.joined().allSatisfy { $0.alignment.isEmpty })
  }

  @Test func whatHasEndedLeavesTheBatch() throws {
    // As many symbols as the source has, then the end, surely.
    let log = RowLog()
    var model = WrittenTranslator(vocabularySize: 5) { source, read in
      (0..<5).map { ($0 == 0) == (read.count > source.count) ? Double($0) / 4 : -.infinity }
    }
    model.log = log
    // Lengths 6 4 3 2 1 1: greedy, the i-th step has those that are as long or longer.
    let found = try Self.hypotheses(model) { ($0.width, $0.resultCount) = (1, 1) }
    #expect(found.map { $0[0].ids.count } == Self.sources.map(\.count))
    #expect(log.counts == [6, 6, 4, 3, 2, 1, 1])
  }

  @Test func aDecidedSearchStops() throws {
    // The end has nearly all of the probability: nothing else can overtake it.
    let log = RowLog()
    var model = WrittenTranslator(vocabularySize: 5) { _, _ in [9, 1, 1, 1, 1] }
    model.log = log
    let found = try Self.hypotheses(model) { $0.resultCount = 1 }
    #expect(found.allSatisfy { $0[0].ids.isEmpty && $0[0].isComplete })
    #expect(log.counts == [6])
  }

  @Test func equalScoresGoToTheLowerSymbol() throws {
    // Exact ties everywhere: halves of halves.
    let model = WrittenTranslator(vocabularySize: 5) { _, _ in [-.infinity, 0, 0, -.infinity, -.infinity] }
    let found = try Self.hypotheses(model) { $0.maximumLength = .symbols(2) }
    #expect(found.allSatisfy { $0.map(\.ids) == [[1, 1], [1, 2], [2, 1], [2, 2]] })
  }

  @Test func theEdgesOfASearch() throws {
    let model = WrittenTranslator.random(5, seed: 1)
    let search = TranslationSearch(width: 3)
    #expect(try search.search(model, sources: [], begin: 4, end: 0).isEmpty)
    let empty = try search.search(model, sources: [[], [1], []], prefixes: [[], [], [2]], begin: 4, end: 0)
    #expect(empty[0].map(\.ids) == [[]] && empty[0][0].logProbability == 0 && empty[0][0].isComplete)
    #expect(empty[2].map(\.ids) == [[2]])
    // Without an end, and with one symbol for both.
    var fixed = search
    fixed.maximumLength = .symbols(5)
    #expect(try fixed.search(model, sources: [[1]], begin: 4, end: nil)[0].map(\.ids.count) == [5])
    let same = try search.search(model, sources: [[1]], begin: 0, end: 0)[0][0]
    #expect(same.isComplete && !same.ids.contains(0))
    // Where nothing may follow, what is there is given.
    fixed.forbiddenIDs = [0, 1, 2, 3]
    #expect(try fixed.search(model, sources: [[1]], begin: 4, end: nil)[0].map(\.ids) == [[]])
    // The widest beam.
    let widest = TranslationSearch(width: TranslationSearch.widthLimit)
    #expect(try widest.search(model, sources: [[1]], begin: 4, end: 0)[0].count == 1)
  }

  @Test func whatMakesNoSearchIsRefused() throws {
    let model = WrittenTranslator.random(5, seed: 1)
    let wrong: [(String, (inout TranslationSearch) -> Void)] = [
      ("width", { $0.width = 0 }), ("width", { $0.width = 10_000 }), ("width", { $0.width = -1 }),
      ("resultCount", { $0.resultCount = 5 }), ("resultCount", { $0.resultCount = 0 }),
      ("lengthPenalty", { $0.lengthPenalty = .nan }), ("coveragePenalty", { $0.coveragePenalty = -0.1 }),
      ("minimumLength", { $0.minimumLength = -1 }), ("maximumLength", { $0.maximumLength.factor = .infinity }),
      ("maximumLength", { $0.maximumLength.bound = 0 }), ("forbiddenRepeat", { $0.forbiddenRepeat = 0 }),
      ("batchSize", { $0.batchSize = 0 }),
    ]
    for (name, change) in wrong {
      let failure = #expect(throws: Failure.self) { try Self.hypotheses(model, change) }
      #expect(failure?.kind == .configuration && failure?.place == name)
    }
    for (begin, end) in [(5, 0), (4, 5), (-1, 0)] as [(Int32, Int32)] {
      let search = TranslationSearch()
      let failure = #expect(throws: Failure.self) { try search.search(model, sources: [[1]], begin: begin, end: end) }
      #expect(failure?.kind == .configuration)
    }
    var short = model
    short.sourceLength = 2
    for sources in [[[1], [9]], [[1], [-1]], [[1], [1, 1, 1]]] as [[[Int32]]] {
      let failure = #expect(throws: Failure.self) {
        try TranslationSearch().search(short, sources: sources, begin: 4, end: 0)
      }
      #expect(failure?.kind == .data && failure?.place == "source 2")
    }
    let scoring = #expect(throws: Failure.self) {
      try TranslationScoring.logProbabilities(model, sources: [[1]], targets: [[7]], begin: 4, end: 0)
    }
    #expect(scoring?.place == "target 1")
  }

  @Test func damagedScoresAreFailures() throws {
    for damage in [Double.nan, .infinity] {
      let model = WrittenTranslator(vocabularySize: 5) { source, read in
        source.count == 4 && read.count == 3 ? [0, 1, damage, 0, 0] : [-.infinity, 1, 2, 3, 4]
      }
      let failure = #expect(throws: Failure.self) { try Self.hypotheses(model) { _ in } }
      #expect(failure?.kind == .data)
    }
  }
}
