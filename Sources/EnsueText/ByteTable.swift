// Byte strings and their indices, in flat arrays: no allocation for each word, no canonical equivalence.
// What the words mean (vocabulary rows, vectors) is left to the types that hold a table.

/// A set of byte strings in order of insertion; each has a dense index from 0 on.
///
/// Keys are equal when their bytes are. Open addressing with linear probing, at most half full:
/// finding and inserting take constant time on average. The hash is fixed, so that a table can be saved with its
/// slots; a file made to collide would be slow, not wrong.
public struct ByteTable: Sendable, Equatable {
  /// All words, one after the other.
  package private(set) var bytes: [UInt8] = []
  /// Where each word begins in `bytes`; one more entry than there are words, the first is 0.
  package private(set) var offsets: [Int] = [0]
  /// 0 for a free slot, else 32 bits of hash above the word's index plus one.
  package private(set) var slots: [UInt64] = [UInt64](repeating: 0, count: 16)

  /// The largest number of words.
  package static let maximumCount = Int(Int32.max) - 1

  public init() {}

  /// A table with room for `capacity` words before it grows.
  public init(capacity: Int) {
    reserve(capacity)
  }

  /// A table from its parts, or nil when they do not belong together: offsets that do not rise from 0 to the end
  /// of `bytes`, slots that are too few or that name a word which is not there.
  package init?(bytes: [UInt8], offsets: [Int], slots: [UInt64]) {
    guard let first = offsets.first, let last = offsets.last, first == 0, last == bytes.count else { return nil }
    let count = offsets.count - 1
    guard count <= ByteTable.maximumCount, slots.count.nonzeroBitCount == 1, slots.count / 2 >= count else {
      return nil
    }
    for index in 0..<count where offsets[index] > offsets[index + 1] { return nil }
    var used = 0
    for slot in slots where slot != 0 {
      guard 1...max(count, 1) ~= Int(slot & 0xFFFF_FFFF) else { return nil }
      used += 1
    }
    guard used == count else { return nil }
    self.bytes = bytes
    self.offsets = offsets
    self.slots = slots
  }

  /// The number of words.
  public var count: Int { offsets.count - 1 }

  public var isEmpty: Bool { count == 0 }

  /// The word with an index in `0..<count`.
  public subscript(index: Int) -> [UInt8] { Array(bytes[offsets[index]..<offsets[index + 1]]) }

  /// The index of a word, or nil when it was never inserted.
  public func find(_ word: Span<UInt8>) -> Int? { probe(word, ByteHash.hash(word)).index }

  /// The index of a word, or nil when it was never inserted.
  public func find(_ word: [UInt8]) -> Int? { find(word.span) }

  /// Inserts a word unless it is there already.
  /// - Returns: The word's index, and whether it is new.
  @discardableResult
  public mutating func insert(_ word: Span<UInt8>) -> (index: Int, isNew: Bool) {
    if (count + 1) * 2 > slots.count { resize(to: slots.count * 2) }
    let hash = ByteHash.hash(word)
    let (found, position) = probe(word, hash)
    if let found { return (found, false) }
    let index = count
    precondition(index < ByteTable.maximumCount, "a ByteTable holds at most \(ByteTable.maximumCount) words")
    for place in word.indices { bytes.append(word[place]) }
    offsets.append(bytes.count)
    slots[position] = UInt64(hash) << 32 | UInt64(index + 1)
    return (index, true)
  }

  /// Inserts a word unless it is there already.
  /// - Returns: The word's index, and whether it is new.
  @discardableResult
  public mutating func insert(_ word: [UInt8]) -> (index: Int, isNew: Bool) { insert(word.span) }

  /// Makes room for `capacity` words.
  public mutating func reserve(_ capacity: Int) {
    offsets.reserveCapacity(capacity + 1)
    var size = slots.count
    while size < capacity * 2 { size *= 2 }
    if size > slots.count { resize(to: size) }
  }

  /// Two tables are equal when they hold the same words in the same order.
  public static func == (left: ByteTable, right: ByteTable) -> Bool {
    left.offsets == right.offsets && left.bytes == right.bytes
  }

  /// Finds the word, or the free slot where it belongs.
  private func probe(_ word: Span<UInt8>, _ hash: UInt32) -> (index: Int?, position: Int) {
    let mask = slots.count - 1
    var position = Int(hash) & mask
    while true {
      let slot = slots[position]
      if slot == 0 { return (nil, position) }
      if UInt32(truncatingIfNeeded: slot >> 32) == hash {
        let index = Int(slot & 0xFFFF_FFFF) - 1
        if isEqual(index, word) { return (index, position) }
      }
      position = (position + 1) & mask
    }
  }

  private func isEqual(_ index: Int, _ word: Span<UInt8>) -> Bool {
    let start = offsets[index]
    guard offsets[index + 1] - start == word.count else { return false }
    for place in word.indices where bytes[start + place] != word[place] { return false }
    return true
  }

  private mutating func resize(to size: Int) {
    var larger = [UInt64](repeating: 0, count: size)
    for slot in slots where slot != 0 {
      var position = Int(slot >> 32) & (size - 1)
      while larger[position] != 0 { position = (position + 1) & (size - 1) }
      larger[position] = slot
    }
    slots = larger
  }
}
