// chrF (Popović, "chrF: character n-gram F-score for automatic MT evaluation", 2015) and chrF++ (Popović, "chrF++:
// words helping character n-grams", 2017), with the figures of sacreBLEU.

import EnsueFiles

/// chrFβ = (1 + β²) · P · R / (β² · P + R), P and R the means of precision and recall over orders: n-grams of
/// characters without white space, n ≤ 6, and in chrF++ also of words, n ≤ 2.
///
/// A line counts with the reference that gives it the best score, the first of several as good. An order counts where
/// hypotheses and references have an n-gram of it; with `smoothsByEpsilon` the mean is over the F-scores of all
/// orders, empty ones at 1e-16, as chrF++.py and Moses do.
public struct CharacterFScore: TranslationMetric, Equatable {
  /// The longest n-grams of characters, from 0 to 64.
  public var characterOrder = 6
  /// The longest n-grams of words, from 0 to 64; 2 for chrF++.
  public var wordOrder = 0
  /// How many times recall counts as much as precision, from 0 to 1000.
  public var beta = 2
  public var lowercases = false
  /// Whether white space is a character as others are.
  public var countsWhitespace = false
  public var smoothsByEpsilon = false

  public init() {}

  public var kind: TranslationMetricKind { wordOrder == 0 ? .chrf : .chrfPlusPlus }
  public var name: String { "chrF\(beta)" + String(repeating: "+", count: max(0, wordOrder)) }

  public var signatureFields: [(name: String, value: String)] {
    [
      ("case", lowercases ? "lc" : "mixed"), ("eff", smoothsByEpsilon ? "no" : "yes"), ("nc", "\(characterOrder)"),
      ("nw", "\(wordOrder)"), ("space", countsWhitespace ? "yes" : "no"),
    ]
  }

  public func validate() throws(Failure) {
    guard 0...64 ~= characterOrder, 0...64 ~= wordOrder, characterOrder + wordOrder > 0 else {
      throw Failure(
        .configuration, at: "chrF",
        "orders from 0 to 64, one of them above 0, expected, found \(characterOrder) and \(wordOrder)")
    }
    guard 0...1000 ~= beta else {
      throw Failure(.configuration, at: "chrF", "a beta from 0 to 1000 expected, found \(beta)")
    }
  }

  public func statistics(of hypothesis: String, against references: [String]) -> CharacterFStatistics {
    let texts = ([hypothesis] + references).map { text in
      let scalars = Array(text.unicodeScalars)
      return lowercases ? ScalarText.lowercased(scalars) : scalars
    }
    var overlaps = [[NGramOverlap]](repeating: [], count: references.count)
    collect(
      texts.map { $0.filter { countsWhitespace || !ScalarText.isSpace($0) }.map(\.value) }, characterOrder, &overlaps)
    if wordOrder > 0 {
      var words = WordNumbers()
      collect(texts.map { words.number(CharacterFScore.words($0)) }, wordOrder, &overlaps)
    }
    var best = CharacterFStatistics(overlaps: overlaps.first ?? [])
    var bestValue = fScore(best.overlaps)
    for candidate in overlaps.dropFirst() {
      let value = fScore(candidate)
      if value > bestValue { (best.overlaps, bestValue) = (candidate, value) }
    }
    return best
  }

  public func result(of statistics: CharacterFStatistics) -> (value: Double, components: TranslationComponents) {
    (fScore(statistics.overlaps), .ngrams(statistics.overlaps))
  }

  /// The first sequence against every other, order by order.
  private func collect(_ sequences: [[UInt32]], _ order: Int, _ overlaps: inout [[NGramOverlap]]) {
    var ngrams = NGramNumbers(sequences)
    for _ in 0..<order {
      ngrams.advance()
      let counts = ngrams.counts(of: 0)
      for index in overlaps.indices {
        let total = ngrams.total(of: index + 1)
        let common = zip(counts, ngrams.counts(of: index + 1)).reduce(0) { $0 + min($1.0, $1.1) }
        // Where the reference has no n-gram of an order, the hypothesis is not held to any.
        let hypothesis = total == 0 ? 0 : ngrams.total(of: 0)
        overlaps[index].append(NGramOverlap(hypothesis: hypothesis, reference: total, common: common))
      }
    }
  }

  /// In per cent.
  private func fScore(_ overlaps: [NGramOverlap]) -> Double {
    let epsilon = 1e-16
    let factor = Double(beta * beta)
    var (sum, precisions, recalls, orders) = (0.0, 0.0, 0.0, 0.0)
    for overlap in overlaps {
      let precision = overlap.hypothesis > 0 ? Double(overlap.common) / Double(overlap.hypothesis) : epsilon
      let recall = overlap.reference > 0 ? Double(overlap.common) / Double(overlap.reference) : epsilon
      let divisor = factor * precision + recall
      sum += divisor > 0 ? (1 + factor) * precision * recall / divisor : epsilon
      guard overlap.hypothesis > 0, overlap.reference > 0 else { continue }
      precisions += precision
      recalls += recall
      orders += 1
    }
    if smoothsByEpsilon { return 100 * sum / Double(overlaps.count) }
    guard orders > 0, precisions + recalls > 0 else { return 0 }
    let (precision, recall) = (precisions / orders, recalls / orders)
    return 100 * ((1 + factor) * precision * recall / (factor * precision + recall))
  }

  /// Words with one sign of punctuation set apart, at the end if there is one there, else at the beginning.
  private static func words(_ text: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
    ScalarText.words(text).flatMap { word -> [ArraySlice<Unicode.Scalar>] in
      guard word.count > 1, let first = word.first, let last = word.last else { return [word] }
      if WesternText.isASCIIPunctuation(last) { return [word.dropLast(), word.suffix(1)] }
      if WesternText.isASCIIPunctuation(first) { return [word.prefix(1), word.dropFirst()] }
      return [word]
    }
  }
}

/// Overlaps by order, characters first.
public struct CharacterFStatistics: TranslationStatistics {
  public var overlaps: [NGramOverlap]

  public mutating func add(_ other: CharacterFStatistics) {
    for index in overlaps.indices {
      overlaps[index].hypothesis += other.overlaps[index].hypothesis
      overlaps[index].reference += other.overlaps[index].reference
      overlaps[index].common += other.overlaps[index].common
    }
  }
}
