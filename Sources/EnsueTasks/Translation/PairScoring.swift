// What a translation model says of true translations: every symbol of a target, its end among them, is predicted once
// from the source and the symbols before it.

import EnsueBundle
import EnsueData
import EnsueDecoding
import EnsueEvaluation
import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueText

/// Reads pairs with a model, teacher forced.
struct PairScoring {
  let model: AnyTranslationModel
  let codecs: TranslationCodecs

  /// Refuses pairs that need more weights of attention than memory holds, or than anybody waits for: a recurrent model
  /// has one for each symbol of one side at each of the other, a Transformer also for those of one side among
  /// themselves. A translation may become as long as its limit.
  /// - Parameters:
  ///   - storesPairs: whether a recurrent model has attention.
  ///   - translatedCount: how many of the first pairs are translated too; nil for all.
  ///   - lengths: the limit of a translation.
  /// - Throws: `Failure` of kind `data`, naming the first such pair.
  static func checkAttention(
    of part: TranslationPart, _ kind: TranslationModelKind, storesPairs: Bool, translatedCount: Int?,
    lengths: LengthLimit = LengthLimit()
  ) throws(Failure) {
    let limit = min(ProcessMemory.physicalBytes / 4, 8e9) / 4
    for (number, pair) in part.encoded.pairs.enumerated() {
      let written = number < translatedCount ?? .max ? lengths(pair.source.count) : 0
      let (source, target) = (Double(pair.source.count + 1), Double(max(pair.target.count + 1, written)))
      let weights: Double =
        switch kind {
        case .recurrent: storesPairs ? source * target : 0
        case .transformer: max(source, target) * max(source, target)
        }
      guard weights > limit else { continue }
      let others = written > pair.target.count + 1 ? ", whose translation may have \(written)" : ""
      throw Failure(
        .data, at: part.place,
        "pairs whose weights of attention fit memory expected, found pair \(number + 1) of \(pair.source.count) and"
          + " \(pair.target.count) symbols\(others)", advice: "Divide it, or leave it out.")
    }
  }

  /// Loss, accuracy and number of symbols of pairs.
  /// - Parameter check: called for each batch; what it throws ends the work.
  /// - Throws: `Failure` for a sentence longer than the model has places for.
  func summary(of pairs: [EncodedPair], check: () throws -> Void = {}) throws -> LanguageModelSummary {
    var scores = EvaluationScores(unknownID: codecs.target.codec.unknownSymbol)
    for places in batches(of: pairs) {
      try check()
      let batch = PairBatch(places.map { pairs[$0] }, codecs)
      try scores.read(batch, with: model)
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
