// The n-gram model: the distribution of the next symbol given the few before it, from counts. The baseline of language
// modelling before networks (Shannon 1948; Kneser and Ney 1995; Chen and Goodman 1999).

import EnsueFiles

/// A language model that counts.
///
/// With a(hw) the count of the symbol w after the context h, or below the highest order the number of different symbols
/// that hw was seen after (Kneser and Ney), a(h•) its sum over w, D the discounts and V the size of the vocabulary:
///
///     p(w | h) = (a(hw) − D(a(hw))) / a(h•) + γ(h) p(w | h without its first symbol)
///     γ(h)     = Σ_w D(a(hw)) / a(h•)
///
/// and at the end, without a context, 1 / V in place of p. Where h was never seen, p(w | h) is that of the shorter
/// context. With a pseudocount k there are no shorter contexts: p(w | h) = (c(hw) + k) / (c(h•) + k V).
///
/// At the start of a text the context is as long as there are symbols. The probabilities of all symbols add up to 1 in
/// every context. A value; training is counting.
///
/// A 5-gram with modified Kneser–Ney smoothing has a perplexity of 141.2 on the test part of the Penn Treebank
/// (`sentenceEnd` is the line end), the figure that Mikolov and Zweig (2012) give for a 5-gram of Kneser and Ney.
public struct NGramModel: Sendable {
  public let configuration: NGramModelConfiguration
  let tree: NGramTree
  let discounts: [NGramDiscounts]
  /// a(h•) and γ(h) by order and context; of order 1 there is one context, the empty one.
  let totals: [[Double]]
  let backOffs: [[Double]]

  public var vocabularySize: Int { configuration.vocabularySize }
  public var order: Int { configuration.order }
  /// The number of different n-grams, single symbols among them.
  public var ngramCount: Int { tree.levels.reduce(0) { $0 + $1.count } }

  /// The most n-grams of all orders that are counted where nothing else is said: some 4 GiB.
  public static let ngramLimit = 1 << 27

  /// Counts a text.
  /// - Parameters:
  ///   - tokenCount: symbols of the text.
  ///   - tokens: gives them by position; asked for neighbouring blocks, once for each order.
  ///   - limit: the most n-grams of all orders; each takes some 30 bytes.
  /// - Throws: `Failure` of kind `configuration` for an order or vocabulary out of range, or too many n-grams; of kind
  ///   `data` for symbols outside the vocabulary; and what `tokens` throws.
  public init(
    _ configuration: NGramModelConfiguration, tokenCount: Int, limit: Int = NGramModel.ngramLimit,
    tokens: (Range<Int>) throws -> [Int32]
  ) throws {
    try configuration.check()
    let tree = try withoutActuallyEscaping(tokens) {
      try NGramCounter(configuration: configuration, tokenCount: tokenCount, tokens: $0, limit: limit).tree()
    }
    switch configuration.smoothing {
    case .addK: self.init(configuration, tree)
    case .kneserNey, .modifiedKneserNey:
      self.init(configuration, tree.withContinuationCounts(sentenceEnd: configuration.sentenceEnd))
    }
  }

  /// Counts a text in memory.
  public init(_ configuration: NGramModelConfiguration, counting ids: [Int32]) throws {
    try self.init(configuration, tokenCount: ids.count) { Array(ids[$0]) }
  }

  /// From counts as the smoothing uses them.
  init(_ configuration: NGramModelConfiguration, _ tree: NGramTree) {
    (self.configuration, self.tree) = (configuration, tree)
    let discounts = tree.levels.map {
      NGramDiscounts(counts: $0.counts, hasOneDiscount: configuration.smoothing == .kneserNey)
    }
    var (totals, backOffs): ([[Double]], [[Double]]) = ([], [])
    for (depth, level) in tree.levels.enumerated() {
      let contexts = depth == 0 ? 1 : tree.levels[depth - 1].count
      var (levelTotals, levelBackOffs) = (
        [Double](repeating: 0, count: contexts), [Double](repeating: 1, count: contexts)
      )
      for context in 0..<contexts {
        let children = depth == 0 ? 0..<level.count : tree.levels[depth - 1].children(of: context)
        var (total, discounted) = (0.0, 0.0)
        for child in children {
          total += Double(level.counts[child])
          discounted += discounts[depth][level.counts[child]]
        }
        levelTotals[context] = total
        if total > 0 { levelBackOffs[context] = discounted / total }
      }
      totals.append(levelTotals)
      backOffs.append(levelBackOffs)
    }
    (self.discounts, self.totals, self.backOffs) = (discounts, totals, backOffs)
  }
}
