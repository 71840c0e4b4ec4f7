// What a bigram model needs to be told, besides its table.

/// The architecture of a bigram model. A bundle stores it beside the weights.
public struct BigramModelConfiguration: Sendable, Codable, Equatable {
  /// Symbols, the unknown one among them.
  public var vocabularySize = 2

  public init() {}

  /// The numbers of the table: its square.
  public var leastWeightCount: Double { Double(vocabularySize) * Double(vocabularySize) }
}
