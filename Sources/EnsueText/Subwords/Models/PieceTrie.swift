// A trie over bytes: which pieces begin at a place of a text.

/// Byte strings and their ids, for finding all that a text continues with.
struct PieceTrie: Sendable, Equatable {
  /// Children by node and byte: open addressing, at most half full.
  private var keys: [UInt64] = [UInt64](repeating: 0, count: 64)
  private var children: [UInt32] = [UInt32](repeating: 0, count: 64)
  private var shift: UInt64 = 58
  /// The id of the string that ends at each node, or -1.
  private var ids: [Int32] = [-1]
  /// The children of the root.
  private var first = [UInt32](repeating: 0, count: 256)
  private(set) var longest = 0

  init() {}

  /// Adds a string that is not empty; the last of two equal ones counts.
  mutating func insert(_ string: [UInt8], id: Int32) {
    guard let lead = string.first else { return }
    longest = max(longest, string.count)
    if first[Int(lead)] == 0 { first[Int(lead)] = addNode() }
    var node = first[Int(lead)]
    for byte in string.dropFirst() {
      if let child = child(of: node, byte) {
        node = child
      } else {
        let child = addNode()
        setChild(of: node, byte, child)
        node = child
      }
    }
    ids[Int(node)] = id
  }

  /// Calls `body` with the end and the id of each string that begins at `start`, the shortest first.
  @inline(__always)
  func forEachMatch(in text: Span<UInt8>, from start: Int, to end: Int, _ body: (Int, Int32) -> Void) {
    var position = start + 1
    var node = first[Int(text[start])]
    guard node != 0 else { return }
    while true {
      let id = ids[Int(node)]
      if id >= 0 { body(position, id) }
      guard position < end, let child = child(of: node, text[position]) else { return }
      node = child
      position += 1
    }
  }

  /// The longest string that begins at `start`.
  @inline(__always)
  func longestMatch(in text: Span<UInt8>, from start: Int, to end: Int) -> (end: Int, id: Int32)? {
    var match: (Int, Int32)?
    forEachMatch(in: text, from: start, to: end) { match = ($0, $1) }
    return match
  }

  private mutating func addNode() -> UInt32 {
    ids.append(-1)
    return UInt32(ids.count - 1)
  }

  @inline(__always)
  private static func key(_ node: UInt32, _ byte: UInt8) -> UInt64 { UInt64(node) << 8 | UInt64(byte) }

  @inline(__always)
  private func slot(of key: UInt64) -> Int { Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift) }

  @inline(__always)
  private func child(of node: UInt32, _ byte: UInt8) -> UInt32? {
    let key = PieceTrie.key(node, byte)
    var slot = slot(of: key)
    while keys[slot] != key {
      if children[slot] == 0 { return nil }
      slot = (slot + 1) & (keys.count - 1)
    }
    return children[slot]
  }

  private mutating func setChild(of node: UInt32, _ byte: UInt8, _ child: UInt32) {
    if ids.count * 2 > keys.count { grow() }
    place(PieceTrie.key(node, byte), child)
  }

  private mutating func place(_ key: UInt64, _ child: UInt32) {
    var slot = slot(of: key)
    while children[slot] != 0 { slot = (slot + 1) & (keys.count - 1) }
    keys[slot] = key
    children[slot] = child
  }

  private mutating func grow() {
    let (oldKeys, oldChildren) = (keys, children)
    keys = [UInt64](repeating: 0, count: oldKeys.count * 2)
    children = [UInt32](repeating: 0, count: oldKeys.count * 2)
    shift -= 1
    for (index, child) in oldChildren.enumerated() where child != 0 { place(oldKeys[index], child) }
  }
}
