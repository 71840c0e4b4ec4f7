// What a translation model says of true translations: every symbol of a target, its end among them, is predicted once
// from the source and the symbols before it.

import EnsueBundle
import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueText

/// Reads pairs with a model, teacher forced.
struct PairScoring {
  let model: AnyTranslationModel
  let codecs: TranslationCodecs

  /// Refuses pairs whose weights of attention memory does not hold: one for each symbol of both sides.
  /// - Throws: `Failure` of kind `data`, naming the first such pair.
  static func checkMemory(of part: TranslationPart) throws(Failure) {
    let limit = min(ProcessMemory.physicalBytes / 4, 8e9)
    let large = part.encoded.pairs.firstIndex {
      Double($0.source.count + 1) * Double($0.target.count + 1) * 4 > limit
    }
    guard let large else { return }
    let pair = part.encoded.pairs[large]
    throw Failure(
      .data, at: part.place,
      "pairs whose weights of attention fit memory expected, found pair \(large + 1) of \(pair.source.count) and"
        + " \(pair.target.count) symbols", advice: "Divide it, or leave it out.")
  }

  /// Loss, accuracy and number of symbols of pairs.
  /// - Parameter check: called for each batch; what it throws ends the work.
  /// - Throws: `Failure` for a sentence longer than the model has places for.
  func summary(of pairs: [EncodedPair], check: () throws -> Void = {}) throws -> LanguageModelSummary {
    var scores = EvaluationScores(unknownID: codecs.target.codec.unknownSymbol)
    for places in batches(of: pairs) {
      try check()
      let batch = PairBatch(places.map { pairs[$0] }, codecs)
      try scores.take(try model.logits(sources: batch.sources, inputs: batch.inputs), batch.outputs)
    }
    return scores.summary(of: nil)
  }

  /// Pairs of like length side by side.
  private func batches(of pairs: [EncodedPair]) -> [[Int]] {
    func length(_ place: Int) -> (Int, Int, Int) { (pairs[place].target.count, pairs[place].source.count, place) }
    let limit = EvaluationScores.rowLimit(vocabularySize: model.vocabularySize)
    var (batches, current, longest): ([[Int]], [Int], Int) = ([], [], 0)
    for place in pairs.indices.sorted(by: { length($0) < length($1) }) {
      longest = max(longest, pairs[place].target.count + 1, pairs[place].source.count + 1)
      if !current.isEmpty, (current.count + 1) * longest > limit {
        batches.append(current)
        (current, longest) = ([], max(pairs[place].target.count, pairs[place].source.count) + 1)
      }
      current.append(place)
    }
    return current.isEmpty ? batches : batches + [current]
  }
}
