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

  /// Rows of scores that are made at once, so that large vocabularies fit memory.
  private static let rowLimit = 1024

  /// Loss, accuracy and number of symbols of pairs.
  /// - Throws: `Failure` for a sentence longer than the model has places for.
  func summary(of pairs: [EncodedPair]) throws -> LanguageModelSummary {
    var scores = EvaluationScores(unknownID: codecs.target.codec.unknownID)
    for places in batches(of: pairs) {
      let batch = PairBatch(places.map { pairs[$0] }, codecs)
      scores.take(try model.logits(sources: batch.sources, inputs: batch.inputs), batch.outputs)
    }
    return scores.summary(of: nil)
  }

  /// Pairs of like length side by side.
  private func batches(of pairs: [EncodedPair]) -> [[Int]] {
    func length(_ place: Int) -> (Int, Int, Int) { (pairs[place].target.count, pairs[place].source.count, place) }
    var (batches, current, longest): ([[Int]], [Int], Int) = ([], [], 0)
    for place in pairs.indices.sorted(by: { length($0) < length($1) }) {
      longest = max(longest, pairs[place].target.count + 1, pairs[place].source.count + 1)
      if !current.isEmpty, (current.count + 1) * longest > PairScoring.rowLimit {
        batches.append(current)
        (current, longest) = ([], max(pairs[place].target.count, pairs[place].source.count) + 1)
      }
      current.append(place)
    }
    return current.isEmpty ? batches : batches + [current]
  }
}
