// The attention weights of one layer and head, with names to read them by.

import EnsueTensor

/// How much each query takes of each key.
///
/// Where the distribution is a softmax, sparsemax or entmax, a query's weights are at least 0 and their sum is 1; those
/// of sigmoid lie in 0 … 1, those of compositional de-attention and of
/// co-attention in -1 … 1.
public struct AttentionMap: Sendable, Equatable {
  public let level: AttentionLevelKind
  /// From 1, the one nearest to the words.
  public let layer: Int
  /// From 1.
  public let head: Int
  /// What looks: the tokens, or the whole that a mean stands for.
  public let queries: [String]
  /// What is looked at.
  public let keys: [String]
  /// For each query one weight for each key.
  public let weights: [[Double]]

  /// - Precondition: `weights` has a row for each query and a column for each key.
  public init(
    level: AttentionLevelKind, layer: Int, head: Int = 1, queries: [String], keys: [String], weights: [[Double]]
  ) {
    precondition(
      weights.count == queries.count && weights.allSatisfy { $0.count == keys.count },
      "an attention map of \(queries.count) queries and \(keys.count) keys has other weights")
    (self.level, self.layer, self.head) = (level, layer, head)
    (self.queries, self.keys, self.weights) = (queries, keys, weights)
  }

  /// The maps of self-attention.
  /// - Parameter weights: for each layer, [heads, tokens, tokens].
  package static func selfAttention(_ weights: [Tensor], of tokens: [String]) -> [AttentionMap] {
    let count = tokens.count
    return weights.enumerated().flatMap { layer, weights in
      let values = weights.doubles
      return (0..<weights.shape[0]).map { head in
        let rows = tokens.indices.map { query in
          let start = (head * count + query) * count
          return Array(values[start..<start + count])
        }
        return AttentionMap(
          level: .selfAttention, layer: layer + 1, head: head + 1, queries: tokens, keys: tokens, weights: rows)
      }
    }
  }
}
