// Dropout of whole words: what a model sees of a batch lacks some words everywhere.

import EnsueTensor

/// Variational dropout over an embedding (Gal and Ghahramani 2016): in training each word of the vocabulary is left
/// out of a batch with probability `rate`, at all its places at once; the others are divided by 1 - rate.
public struct WordDropout: Sendable {
  public let rate: Double

  public init(rate: Double) {
    precondition((0..<1).contains(rate), "a dropout rate lies in 0 ..< 1, not \(rate)")
    self.rate = rate
  }

  /// - Parameters:
  ///   - vectors: of `tokens`, [rows, features].
  public func callAsFunction(_ vectors: PackedSequence, of tokens: PackedTokens, _ phase: Phase) -> PackedSequence {
    guard rate > 0, case .training(let key) = phase else { return vectors }
    let limit = UInt64(rate * 0x1p32)
    let scale = 1 / (1 - rate)
    let factors = tokens.ids.map { key.bits(at: Int($0)) >> 32 < limit ? 0 : scale }
    let mask = Tensor(factors, shape: [factors.count, 1]).converted(to: vectors.values.elementType)
    return vectors.replacingValues(vectors.values * mask)
  }
}
