// Beam search as plainly as it can be written: one sentence, everything made again at every step, nothing stopped early.

import EnsueDecoding
import EnsueModels
import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A hypothesis of the plain search.
struct PlainHypothesis {
  /// The end included.
  var ids: [Int32] = []
  var sum = 0.0
  var isComplete = false
  var score = 0.0
}

struct PlainSearch {
  let model: WrittenTranslator
  let options: TranslationSearch
  let begin: Int32
  let end: Int32?
  let source: [Int32]
  var prefix: [Int32] = []

  private var limit: Int {
    let most = options.maximumLength
    let wanted = max(1, min(most.bound, Int(most.factor * Double(source.count)) + most.constant))
    return max(min(wanted, model.contextLength ?? wanted), prefix.count)
  }

  /// log p of every symbol after a hypothesis; nil for those that may not follow.
  func logarithms(after ids: [Int32]) -> [Double?] {
    let scores = model.scores(source, [begin] + ids)
    let all = logSoftmax(Tensor(scores, shape: [1, scores.count])).doubles
    return all.indices.map { mayFollow(Int32($0), ids) && all[$0] > -.infinity ? all[$0] : nil }
  }

  private func mayFollow(_ id: Int32, _ ids: [Int32]) -> Bool {
    if ids.count < prefix.count { return id == prefix[ids.count] }
    if id == begin && id != end || options.forbiddenIDs.contains(id) { return false }
    if id == end { return ids.count >= options.minimumLength }
    guard let length = options.forbiddenRepeat, ids.count >= length else { return true }
    let run = Array((ids + [id]).suffix(length))
    return !(0...ids.count - length).contains { Array(ids[$0..<$0 + length]) == run }
  }

  func scored(_ hypothesis: PlainHypothesis) -> PlainHypothesis {
    var copy = hypothesis
    copy.score = hypothesis.sum / pow(Double(5 + hypothesis.ids.count) / 6, options.lengthPenalty)
    guard model.headCount > 0, options.coveragePenalty > 0 else { return copy }
    for step in source.indices {
      var sum = 0.0
      for place in hypothesis.ids.indices {
        let read = [begin] + hypothesis.ids.prefix(place)
        for head in 0..<model.headCount { sum += Double(model.weights(head, source, read)[step]) }
      }
      copy.score += options.coveragePenalty * log(min(sum / Double(model.headCount), 1))
    }
    return copy
  }

  /// The best results, best first.
  func results() -> [PlainHypothesis] {
    var (open, results, places) = ([PlainHypothesis()], [PlainHypothesis](), options.width)
    for length in 1...limit where !open.isEmpty {
      let all = open.flatMap { parent in
        logarithms(after: parent.ids).enumerated().compactMap { id, logarithm in
          logarithm.map {
            PlainHypothesis(ids: parent.ids + [Int32(id)], sum: parent.sum + $0, isComplete: Int32(id) == end)
          }
        }
      }
      // Of equal ones the first: swift's sort is stable.
      let chosen = Array(all.sorted { $0.sum > $1.sum }.prefix(places))
      if chosen.isEmpty {
        results += open
        open = []
        break
      }
      places -= chosen.count { $0.isComplete }
      results += chosen.filter(\.isComplete)
      open = chosen.filter { !$0.isComplete }
      if length == limit { results += open }
    }
    return Array(results.map(scored).sorted { $0.score > $1.score }.prefix(options.resultCount))
  }
}
