// Pairs of symbols to small numbers.

/// A set of pairs; each has a dense index from 0 on. Open addressing, at most half full.
struct SymbolPairTable {
  private var keys: [UInt64]
  private var indices: [Int32]
  private(set) var count = 0

  /// No pair: symbols are not negative.
  private static let free = UInt64.max

  init() {
    keys = [UInt64](repeating: SymbolPairTable.free, count: 1 << 12)
    indices = [Int32](repeating: 0, count: 1 << 12)
  }

  static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// The index of the pair; a new one where it has none.
  mutating func index(of pair: UInt64) -> Int {
    let mask = keys.count - 1
    var place = SymbolPairTable.place(of: pair) & mask
    while keys[place] != SymbolPairTable.free {
      if keys[place] == pair { return Int(indices[place]) }
      place = (place + 1) & mask
    }
    keys[place] = pair
    indices[place] = Int32(count)
    count += 1
    if count * 2 > keys.count { grow() }
    return count - 1
  }

  private static func place(of pair: UInt64) -> Int {
    Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> 20)
  }

  private mutating func grow() {
    let (oldKeys, oldIndices) = (keys, indices)
    keys = [UInt64](repeating: SymbolPairTable.free, count: oldKeys.count * 2)
    indices = [Int32](repeating: 0, count: keys.count)
    let mask = keys.count - 1
    for (pair, index) in zip(oldKeys, oldIndices) where pair != SymbolPairTable.free {
      var place = SymbolPairTable.place(of: pair) & mask
      while keys[place] != SymbolPairTable.free { place = (place + 1) & mask }
      keys[place] = pair
      indices[place] = index
    }
  }
}
