// Smoothed n-grams as the papers write them, with dictionaries and without speed (Kneser and Ney 1995; Chen and Goodman
// 1999): what the model must agree with.

import EnsueModels

struct NGramReference {
  let configuration: NGramModelConfiguration
  private var counts: [[Int32]: Int] = [:]
  private var adjusted: [[Int32]: Int] = [:]
  private var discounts: [Int: [Double]] = [:]

  init(_ configuration: NGramModelConfiguration, _ ids: [Int32]) {
    self.configuration = configuration
    for length in 1...configuration.order {
      for start in ids.indices where start + length <= ids.count {
        let ngram = Array(ids[start..<start + length])
        // No sentence goes on behind its end.
        if ngram.dropFirst().dropLast().contains(where: { $0 == configuration.sentenceEnd }) { continue }
        counts[ngram, default: 0] += 1
      }
    }
    adjusted = counts
    if configuration.smoothing != .addK {
      for ngram in counts.keys where ngram.count < configuration.order {
        if ngram.count > 1 && ngram[0] == configuration.sentenceEnd { continue }
        adjusted[ngram] = (0..<Int32(configuration.vocabularySize)).filter { counts[[$0] + ngram] != nil }.count
      }
    }
    for length in 1...configuration.order { discounts[length] = discounts(ofLength: length) }
  }

  private func discounts(ofLength length: Int) -> [Double] {
    let values = adjusted.filter { $0.key.count == length }.map(\.value)
    func n(_ count: Int) -> Double { Double(values.filter { $0 == count }.count) }
    if configuration.smoothing == .kneserNey {
      return [Double](repeating: n(1) > 0 && n(2) > 0 ? n(1) / (n(1) + 2 * n(2)) : 0.5, count: 3)
    }
    guard (1...4).allSatisfy({ n($0) > 0 }) else { return [0.5, 1, 1.5] }
    let y = n(1) / (n(1) + 2 * n(2))
    let result = [1 - 2 * y * n(2) / n(1), 2 - 3 * y * n(3) / n(2), 3 - 4 * y * n(4) / n(3)]
    return result.allSatisfy { $0 > 0 } ? result : [0.5, 1, 1.5]
  }

  private func discount(_ ngram: [Int32]) -> Double {
    let count = adjusted[ngram] ?? 0
    return count == 0 ? 0 : discounts[ngram.count]![min(count, 3) - 1]
  }

  /// p(symbol | context); only the last symbols of the context count.
  func probability(of symbol: Int32, after context: [Int32]) -> Double {
    var reach = Array(context.suffix(configuration.order - 1))
    if let end = configuration.sentenceEnd, let place = reach.lastIndex(of: end) { reach = Array(reach[place...]) }
    if configuration.smoothing == .addK {
      let total = all.reduce(0) { $0 + (counts[reach + [$1]] ?? 0) }
      let k = configuration.pseudocount
      return (Double(counts[reach + [symbol]] ?? 0) + k) / (Double(total) + k * Double(configuration.vocabularySize))
    }
    return interpolated(symbol, reach)
  }

  private func interpolated(_ symbol: Int32, _ context: [Int32]) -> Double {
    let lower =
      context.isEmpty
      ? 1 / Double(configuration.vocabularySize) : interpolated(symbol, Array(context.dropFirst()))
    let total = all.reduce(0.0) { $0 + Double(adjusted[context + [$1]] ?? 0) }
    if total == 0 { return lower }
    let taken = all.reduce(0.0) { $0 + discount(context + [$1]) }
    let ngram = context + [symbol]
    return (Double(adjusted[ngram] ?? 0) - discount(ngram)) / total + taken / total * lower
  }

  private var all: Range<Int32> { 0..<Int32(configuration.vocabularySize) }
}
