// Translation edit rate (Snover et al., "A Study of Translation Edit Rate with Targeted Human Annotation", 2006), with
// the words, shifts and limits of sacreBLEU, which follows Tercom.

import EnsueFiles

/// TER = edits / mean length of the references, edits being insertions, deletions, substitutions and shifts of a
/// phrase, with the reference that needs fewest.
///
/// Shifts are looked for greedily: of at most 10 words by at most 50 places, 1,000 tries a line. Distances are
/// computed in a band of 50 columns (more where lengths differ much), so time and memory are linear in the length of
/// a line. As in sacreBLEU, references are normalised twice. A reference of no words adds nothing to the length; where there are no words at all in the references, TER
/// is 100 if there are edits, else 0.
public struct TranslationEditRate: TranslationMetric, Equatable {
  /// Whether entities, line ends and punctuation are made alike and set apart.
  public var isNormalized = false
  /// Whether . , ? : ; ! " ( ) are left out.
  public var hasNoPunctuation = false
  /// Whether the two options above know Chinese and Japanese.
  public var supportsAsian = false
  public var isCaseSensitive = false

  public init() {}

  public var kind: TranslationMetricKind { .ter }
  public var name: String { "TER" }

  public var signatureFields: [(name: String, value: String)] {
    let word = { (value: Bool) in value ? "yes" : "no" }
    return [
      ("case", isCaseSensitive ? "mixed" : "lc"), ("tok", "tercom"), ("norm", word(isNormalized)),
      ("punct", word(!hasNoPunctuation)), ("asian", word(supportsAsian)),
    ]
  }

  public func validate() throws(Failure) {}

  public func statistics(of hypothesis: String, against references: [String]) -> EditStatistics {
    let text = TercomText(
      isNormalized: isNormalized, hasNoPunctuation: hasNoPunctuation, supportsAsian: supportsAsian,
      isCaseSensitive: isCaseSensitive)
    var numbers = WordNumbers()
    let words = numbers.number(text.words(hypothesis))
    var fewest: Int?
    var length = 0
    for reference in references {
      let reference = numbers.number(text.referenceWords(reference))
      length += reference.count
      let edits = TercomShifts.edits(from: words, to: reference)
      fewest = min(fewest ?? edits, edits)
    }
    return EditStatistics(edits: fewest ?? 0, referenceLength: Double(length) / Double(references.count))
  }

  public func result(of statistics: EditStatistics) -> (value: Double, components: TranslationComponents) {
    statistics.result
  }
}

/// Edits, and the length of what was to be written.
public struct EditStatistics: TranslationStatistics {
  public var edits: Int
  public var referenceLength: Double

  public mutating func add(_ other: EditStatistics) {
    edits += other.edits
    referenceLength += other.referenceLength
  }

  /// Edits for each word of the reference, in per cent.
  var result: (value: Double, components: TranslationComponents) {
    let rate = referenceLength > 0 ? Double(edits) / referenceLength : edits > 0 ? 1 : 0
    return (100 * rate, .edits(edits, referenceLength: referenceLength))
  }
}
