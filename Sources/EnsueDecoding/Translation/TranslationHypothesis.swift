// What a search for translations gives.

/// A translation that was found.
public struct TranslationHypothesis: Sendable, Equatable {
  /// Without the symbol that ends it.
  public let ids: [Int32]
  /// log p(ids, and the end where it is complete | source)
  public let logProbability: Double
  /// What hypotheses are compared by (`TranslationSearch`).
  public let score: Double
  /// Whether it ends by itself, not at the limit.
  public let isComplete: Bool
  /// The attention under which each symbol was written, and the end as the last where it is complete:
  /// [head][symbol][source step]. Empty unless asked for, and where the model has no attention.
  public let alignment: [[[Float]]]
}
