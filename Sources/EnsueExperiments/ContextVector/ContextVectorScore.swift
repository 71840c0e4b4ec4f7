// How well sources of some length are translated.

import EnsueData
import EnsueEvaluation
import EnsueTasks

/// Measures of some translations, in per cent.
public struct ContextVectorScore: Sendable, Equatable {
  /// True symbols that stand in the translation at their place.
  public let symbolAccuracy: Double
  /// Translations that are the true ones.
  public let exactMatch: Double
  public let bleu: Double

  /// - Precondition: there is a place.
  init(_ part: TranslationPart, _ translations: [TranslatedText], at places: [Int]) throws {
    var (right, count) = (0, 0)
    for place in places {
      let target = part.encoded.pairs[place].target
      count += target.count
      right += zip(target, translations[place].ids).count { $0 == $1 }
    }
    symbolAccuracy = 100 * Double(right) / Double(max(1, count))
    let texts = places.map { translations[$0].text }
    let references = TranslationReferences(places.map { part.pairs[$0].target })
    exactMatch = try TranslationMetricKind.exactMatch.score(texts, references).value
    bleu = try TranslationMetricKind.bleu.score(texts, references).value
  }
}

/// Neighbouring lengths put together.
package struct LengthGroups: Sendable, Equatable {
  /// In rising order, without a gap between the shortest and the longest.
  package let ranges: [ClosedRange<Int>]

  /// Groups of equal width, from the shortest length to the longest; one with too few members joins the one below it.
  /// - Parameters:
  ///   - count: groups at most.
  ///   - least: members of a group; only where there are fewer in all, one group has fewer.
  package init(_ lengths: [Int], count: Int, least: Int) {
    guard let shortest = lengths.min(), let longest = lengths.max() else {
      ranges = []
      return
    }
    let width = max(1, (longest - shortest + count) / count)
    var found: [ClosedRange<Int>] = []
    for start in stride(from: shortest, through: longest, by: width) {
      let range = start...min(longest, start + width - 1)
      // The first may be too small as well: then what follows joins it.
      if let last = found.last, [range, last].contains(where: { part in lengths.count(where: part.contains) < least }) {
        found[found.count - 1] = last.lowerBound...range.upperBound
      } else {
        found.append(range)
      }
    }
    ranges = found
  }
}
