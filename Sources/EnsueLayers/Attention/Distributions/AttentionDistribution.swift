// Distribution functions: from the scores of a query's keys to the weights of their values.

import EnsueTensor

/// Weights of a query's keys from their scores.
public protocol AttentionDistribution: Sendable {
  /// - Parameters:
  ///   - scores: [pairs, columns]; each column is distributed for itself.
  ///   - mask: which pairs may meet; nil for all. The others get 0 and no gradient, and a query that may meet nothing
  ///     gets zeros.
  ///   - queries: [query rows, query width], for distributions that look at more than the scores.
  ///   - keys: [key rows, key width]
  func callAsFunction(
    _ scores: Tensor, _ layout: PairLayout, mask: PairMask?, queries: Tensor, keys: Tensor
  ) -> Tensor
}
