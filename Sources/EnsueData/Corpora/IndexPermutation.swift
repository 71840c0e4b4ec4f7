// A shuffle without a list: where a position goes is computed from the position alone. The numbers 0 ..< n are padded to
// a power of two, a Feistel network permutes those (Luby and Rackoff 1988; its rounds are Philox, Salmon et al. 2011),
// and a position that lands in the padding is sent on until it does not (cycle walking; Black and Rogaway 2002).

import EnsueTensor

/// A permutation of 0 ..< count by a key; takes no memory and finds any position at once.
public struct IndexPermutation: Sendable {
  public let count: Int
  private let key: RandomKey
  private let lowBits: Int
  private let highBits: Int

  /// Half a round changes one half of the bits only; with eight, every bit has met every other several times.
  private static let roundCount = 8

  public init(count: Int, key: RandomKey) {
    precondition(count >= 0, "a permutation of \(count)")
    (self.count, self.key) = (count, key)
    let bits = count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
    lowBits = (bits + 1) / 2
    highBits = bits - lowBits
  }

  /// Where a position goes.
  public subscript(position: Int) -> Int {
    precondition((0..<count).contains(position), "position \(position) of a permutation of \(count)")
    var value = permuted(position)
    // The walk stays in the cycle of `position`, so it comes back below `count`; fewer than two steps on average.
    while value >= count { value = permuted(value) }
    return value
  }

  /// The permutation of 0 ..< 2 ^ (lowBits + highBits).
  private func permuted(_ value: Int) -> Int {
    var (high, low) = (value >> lowBits, value & (1 << lowBits - 1))
    for round in 0..<IndexPermutation.roundCount {
      if round % 2 == 0 {
        low ^= mixed(high, round) & (1 << lowBits - 1)
      } else {
        high ^= mixed(low, round) & (1 << highBits - 1)
      }
    }
    return high << lowBits | low
  }

  /// Random bits of one half and a round.
  private func mixed(_ half: Int, _ round: Int) -> Int {
    Int(truncatingIfNeeded: key.bits(at: half << 3 | round))
  }
}
