// What an n-gram model needs to be told, besides its counts.

import EnsueFiles

/// The architecture of an n-gram model. A bundle stores it beside the counts.
public struct NGramModelConfiguration: Sendable, Codable, Equatable {
  /// Symbols, the unknown one among them.
  public var vocabularySize = 2
  /// Symbols of the longest n-gram: the context is shorter by one.
  public var order = 5
  public var smoothing = NGramSmoothingKind.modifiedKneserNey
  /// What `addK` adds to every count, above 0; the others do not use it.
  public var pseudocount = 1.0
  /// A symbol that no context reaches beyond, such as the words' line end: sentences do not see each other then.
  /// nil: contexts go on over everything.
  public var sentenceEnd: Int32?

  /// The longest order; what one trains ends far below it.
  static let orderLimit = 16
  /// Words of n-grams are 32-bit numbers, and the single symbols have a row each.
  static let vocabularyLimit = 1 << 26

  public init() {}

  /// - Throws: `Failure` of kind `configuration`.
  func check() throws(Failure) {
    guard (1...NGramModelConfiguration.orderLimit).contains(order) else {
      throw Failure(
        .configuration, at: "order", "1 to \(NGramModelConfiguration.orderLimit) symbols expected, found \(order)")
    }
    guard (1...NGramModelConfiguration.vocabularyLimit).contains(vocabularySize) else {
      throw Failure(
        .configuration, at: "vocabularySize",
        "1 to \(NGramModelConfiguration.vocabularyLimit) symbols expected, found \(vocabularySize)")
    }
    guard pseudocount > 0, pseudocount.isFinite else {
      throw Failure(.configuration, at: "pseudocount", "a number above 0 expected, found \(pseudocount)")
    }
    guard sentenceEnd.map({ $0 >= 0 && $0 < vocabularySize }) ?? true else {
      throw Failure(
        .configuration, at: "sentenceEnd", "a symbol below \(vocabularySize) expected, found \(sentenceEnd ?? 0)")
    }
  }
}
