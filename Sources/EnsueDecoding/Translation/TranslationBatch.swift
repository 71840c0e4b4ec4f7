// Sentences that are translated side by side.

import EnsueFiles
import EnsueModels
import EnsueTensor

/// The searches of a batch of sentences over one memory of the model. The hypotheses of a sentence are neighbouring
/// rows of the batch, sentences in order; a sentence that has ended has none.
struct TranslationBatch<Model: TranslationModel> {
  private let search: TranslationSearch
  private let model: Model
  private let marks: TranslationMarks
  private let sources: [TranslationSource]
  private let forbidden: [Int]
  private var memory: Model.Memory
  private var beams: [Beam]

  init(
    _ search: TranslationSearch, _ model: Model, _ sources: [TranslationSource], _ marks: TranslationMarks
  ) throws(Failure) {
    (self.search, self.model, self.sources, self.marks) = (search, model, sources, marks)
    let isEndToo = marks.begin == marks.end
    forbidden = search.forbiddenIDs.union(isEndToo ? [] : [marks.begin]).filter {
      $0 >= 0 && $0 < model.vocabularySize
    }.map(Int.init).sorted()
    memory = try model.makeMemory(PackedTokens(sources.map(\.ids)))
    let rules = BeamRules(
      width: search.width, lengthPenalty: search.lengthPenalty, coveragePenalty: search.coveragePenalty,
      resultCount: search.resultCount, endIDs: marks.end.map { [$0] } ?? [])
    let looks = search.keepsAlignments || search.coveragePenalty > 0
    let attention = looks ? AttentionTrace(keepsWeights: search.keepsAlignments) : nil
    beams = sources.map { source in
      let limit = min(search.maximumLength(source.ids.count), model.contextLength ?? .max)
      return Beam(rules, limit: max(limit, source.prefix.count), attention: attention)
    }
  }

  /// Takes steps until every sentence has its results.
  mutating func run() throws(Failure) -> [[TranslationHypothesis]] {
    var tokens = beams.map { _ in [marks.begin] }
    while !tokens.isEmpty {
      var scores = try TokenScores(try model.next(PackedTokens(tokens), &memory))
      look()
      scores.exclude(excluded())
      let parents = extend(by: scores)
      // Where every hypothesis has one continuation there is nothing to move.
      if !parents.isEmpty && parents != Array(tokens.indices) { model.select(parents, in: &memory) }
      tokens = beams.flatMap { $0.active.map { $0.ids.suffix(1) } }
    }
    return beams.map { $0.results.map(hypothesis) }
  }

  /// Tells each hypothesis where it looks, where that is wanted.
  private mutating func look() {
    guard search.keepsAlignments || search.coveragePenalty > 0 else { return }
    let heads = model.alignments(in: memory)
    if heads.isEmpty { return }
    var row = 0
    for index in beams.indices {
      for place in beams[index].active.indices {
        beams[index].look(place, at: heads.map { $0[row] })
        row += 1
      }
    }
  }

  /// The symbols that may not follow, by row.
  private func excluded() -> [(row: Int, column: Int)] {
    var (places, row) = ([(row: Int, column: Int)](), 0)
    for (beam, source) in zip(beams, sources) {
      for hypothesis in beam.active {
        defer { row += 1 }
        // What is forced may be anything.
        if beam.length < source.prefix.count { continue }
        places += forbidden.map { (row, $0) }
        if let end = marks.end, beam.length < search.minimumLength { places.append((row, Int(end))) }
        if let length = search.forbiddenRepeat {
          places += symbolsRepeatingRuns(of: length, in: hypothesis.ids).map { (row, Int($0)) }
        }
      }
    }
    return places
  }

  /// Extends every hypothesis by a symbol.
  /// - Returns: of each that goes on, the row it came from.
  private mutating func extend(by scores: TokenScores) -> [Int] {
    var (groups, first) = ([(rows: Range<Int>, count: Int)](), 0)
    for (beam, source) in zip(beams, sources) {
      let isForced = beam.length < source.prefix.count
      groups.append((rows: first..<first + beam.active.count, count: isForced ? 0 : beam.placeCount))
      first += beam.active.count
    }
    let candidates = scores.ranked(groups, after: beams.flatMap { $0.active.map(\.logProbability) })
    var parents: [Int] = []
    for (index, group) in groups.enumerated() where !group.rows.isEmpty {
      let (first, length) = (group.rows.lowerBound, beams[index].length)
      let kept =
        length < sources[index].prefix.count
        ? beams[index].force(sources[index].prefix[length], scores, firstRow: first)
        : beams[index].extend(by: candidates[index])
      parents += kept.map { first + $0 }
    }
    return parents
  }

  private func hypothesis(_ result: Beam.Result) -> TranslationHypothesis {
    TranslationHypothesis(
      ids: result.isComplete ? result.ids.dropLast() : result.ids, logProbability: result.logProbability,
      score: result.score, isComplete: result.isComplete, alignment: result.attention?.alignment ?? [])
  }
}
