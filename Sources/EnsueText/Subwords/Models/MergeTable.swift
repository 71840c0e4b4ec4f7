// Merges by the pair of symbols that they join.

/// Rank and result of the merges, by pair; open addressing, at most half full.
struct MergeTable: Sendable, Equatable {
  private var keys: [UInt64]
  private var values: [UInt64]
  private let shift: UInt64

  /// No pair has this key: ids are not negative.
  private static let free = UInt64.max

  init(capacity: Int) {
    var bits: UInt64 = 4
    while 1 << bits < capacity * 2 { bits += 1 }
    keys = [UInt64](repeating: MergeTable.free, count: 1 << Int(bits))
    values = [UInt64](repeating: 0, count: 1 << Int(bits))
    shift = 64 - bits
  }

  /// The merge of two symbols.
  @inline(__always)
  func find(_ left: Int32, _ right: Int32) -> (rank: UInt32, result: Int32)? {
    let key = MergeTable.key(left, right)
    var slot = slot(of: key)
    while keys[slot] != key {
      if keys[slot] == MergeTable.free { return nil }
      slot = (slot + 1) & (keys.count - 1)
    }
    return (UInt32(values[slot] >> 32), Int32(truncatingIfNeeded: values[slot]))
  }

  /// - Returns: Whether the pair is new; the first of two merges of one pair stays.
  mutating func insert(_ left: Int32, _ right: Int32, rank: UInt32, result: Int32) -> Bool {
    let key = MergeTable.key(left, right)
    var slot = slot(of: key)
    while keys[slot] != MergeTable.free {
      if keys[slot] == key { return false }
      slot = (slot + 1) & (keys.count - 1)
    }
    keys[slot] = key
    values[slot] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: result))
    return true
  }

  @inline(__always)
  private func slot(of key: UInt64) -> Int { Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift) }

  @inline(__always)
  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }
}
