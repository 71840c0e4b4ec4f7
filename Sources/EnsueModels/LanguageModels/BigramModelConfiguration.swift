// What a bigram model needs to be told, besides its table.

import EnsueFiles

/// The architecture of a bigram model. A bundle stores it beside the weights.
public struct BigramModelConfiguration: Sendable, Codable, Equatable {
  /// Symbols, the unknown one among them.
  public var vocabularySize = 2

  /// Most symbols: 4 GiB of a table.
  public static let vocabularyLimit = 1 << 15

  public init() {}

  /// Refuses a table that is too large.
  /// - Throws: `Failure` of kind `configuration`.
  public func check() throws(Failure) {
    let limit = BigramModelConfiguration.vocabularyLimit
    guard vocabularySize <= limit else {
      throw Failure(
        .configuration, at: "model", "at most \(limit) symbols of a bigram table expected, found \(vocabularySize)",
        advice: "Choose a smaller vocabulary, or --model ngram --order 2.")
    }
  }

  /// The numbers of the table: its square.
  public var leastWeightCount: Double { Double(vocabularySize) * Double(vocabularySize) }
}
