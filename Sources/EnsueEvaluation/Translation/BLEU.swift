// BLEU (Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation", 2002), with the words,
// smoothing and figures of sacreBLEU (Post, 2018).

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// BLEU = BP · exp(1/N Σₙ log pₙ), N = 4.
///
/// pₙ is the share of the hypotheses' n-grams that a reference has, each counted at most as often as in the reference
/// that has it most often; BP = min(1, exp(1 − r/c)) with c the hypotheses' length and r that of the references
/// nearest in length, the shorter of two as near.
public struct BLEU: TranslationMetric, Equatable {
  public var tokenization = TranslationTokenizationKind.mteval13a
  public var smoothing = BLEUSmoothing()
  /// N, from 1 to 64.
  public var maximumOrder = 4
  /// Whether orders of which there is no n-gram are left out, as it should be for single sentences.
  public var usesEffectiveOrder = false
  public var lowercases = false

  public init() {}

  public var kind: TranslationMetricKind { .bleu }
  public var name: String { "BLEU" }

  /// As sacreBLEU's, which has no name for another order than 4: `order:2` says it here.
  public var signatureFields: [(name: String, value: String)] {
    [
      ("case", lowercases ? "lc" : "mixed"), ("eff", usesEffectiveOrder ? "yes" : "no"),
      ("tok", tokenization.rawValue), ("smooth", smoothing.signature),
    ] + (maximumOrder == 4 ? [] : [("order", "\(maximumOrder)")])
  }

  public var forSentences: BLEU {
    var copy = self
    copy.usesEffectiveOrder = true
    return copy
  }

  public func validate() throws(Failure) {
    guard 1...64 ~= maximumOrder else {
      throw Failure(.configuration, at: "BLEU", "an order from 1 to 64 expected, found \(maximumOrder)")
    }
    guard smoothing.value >= 0, smoothing.value.isFinite else {
      throw Failure(.configuration, at: "BLEU", "a smoothing value of at least 0 expected, found \(smoothing.value)")
    }
  }

  public func statistics(of hypothesis: String, against references: [String]) -> BLEUStatistics {
    var words = WordNumbers()
    let sequences = ([hypothesis] + references).map { words.number(self.words($0)) }
    let length = sequences[0].count
    let nearest = sequences.dropFirst().map(\.count).min {
      (abs($0 - length), $0) < (abs($1 - length), $1)
    }
    var statistics = BLEUStatistics(
      hypothesisLength: length, referenceLength: nearest ?? 0, matches: [], totals: [])
    var ngrams = NGramNumbers(sequences)
    for _ in 0..<maximumOrder {
      ngrams.advance()
      statistics.totals.append(ngrams.total(of: 0))
      var most = [Int](repeating: 0, count: ngrams.distinctCount)
      for index in sequences.indices.dropFirst() {
        for (number, count) in ngrams.counts(of: index).enumerated() { most[number] = max(most[number], count) }
      }
      statistics.matches.append(zip(ngrams.counts(of: 0), most).reduce(0) { $0 + min($1.0, $1.1) })
    }
    return statistics
  }

  public func result(of statistics: BLEUStatistics) -> (value: Double, components: TranslationComponents) {
    let (length, referenceLength) = (statistics.hypothesisLength, statistics.referenceLength)
    var penalty = 1.0
    if length < referenceLength {
      penalty = length == 0 ? 0 : exp(1 - Double(referenceLength) / Double(length))
    }
    let (precisions, order) = precisions(statistics)
    let logarithms = precisions[..<order].map { $0 == 0 ? -9_999_999_999 : log($0) }
    let value = precisions.contains { $0 != 0 } ? penalty * exp(logarithms.reduce(0, +) / Double(order)) : 0
    return (
      value,
      .precisions(
        precisions, brevityPenalty: penalty, hypothesisLength: length, referenceLength: referenceLength)
    )
  }

  /// pₙ in per cent, and how many of them count.
  private func precisions(_ statistics: BLEUStatistics) -> ([Double], Int) {
    var precisions = [Double](repeating: 0, count: maximumOrder)
    var order = maximumOrder
    guard statistics.matches.contains(where: { $0 > 0 }) else { return (precisions, order) }
    var divisor = 1.0
    for index in 0..<maximumOrder {
      let added = smoothing.kind == .addK && index > 0 ? smoothing.value : 0
      let (matches, total) = (Double(statistics.matches[index]) + added, Double(statistics.totals[index]) + added)
      if total == 0 { break }
      if usesEffectiveOrder { order = index + 1 }
      if matches > 0 {
        precisions[index] = 100 * matches / total
        continue
      }
      switch smoothing.kind {
      case .exponential:
        divisor *= 2
        precisions[index] = 100 / (divisor * total)
      case .floor: precisions[index] = 100 * smoothing.value / total
      case .addK, .none: break
      }
    }
    return (precisions, order)
  }

  private func words(_ line: String) -> [ArraySlice<Unicode.Scalar>] {
    let scalars = Array(line.unicodeScalars)
    return tokenization.words(ScalarText.trimmedAtEnd(lowercases ? ScalarText.lowercased(scalars) : scalars))
  }
}

/// Matches and totals by order, and lengths in words.
public struct BLEUStatistics: TranslationStatistics {
  public var hypothesisLength: Int
  public var referenceLength: Int
  public var matches: [Int]
  public var totals: [Int]

  public mutating func add(_ other: BLEUStatistics) {
    hypothesisLength += other.hypothesisLength
    referenceLength += other.referenceLength
    for index in matches.indices {
      matches[index] += other.matches[index]
      totals[index] += other.totals[index]
    }
  }
}
