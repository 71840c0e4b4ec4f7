// Two sentences that differ only in the order of their words.

/// A positive and a negative sentence made of the same words.
public struct WordOrderPair: Sendable, Equatable {
  public let positive: String
  public let negative: String

  public init(positive: String, negative: String) {
    self.positive = positive
    self.negative = negative
  }

  /// What both sentences have in common and no pair of other words has: the words in sorted order.
  var bag: [UInt8] {
    let words = positive.utf8.split(separator: UInt8(ascii: " ")).map(Array.init)
    return Array(words.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [UInt8(ascii: " ")]))
  }
}
