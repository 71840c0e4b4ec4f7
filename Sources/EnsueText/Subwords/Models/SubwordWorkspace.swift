// Memory that the models use again and again during one call.

/// What models need while they cut a word.
struct SubwordWorkspace {
  /// Of byte pairs: the symbols of a word.
  var symbols: [Int32] = []
  /// Of byte pairs: the rank of the merge of each symbol with the next.
  var ranks: [UInt32] = []
  /// Of byte pairs in long words: the neighbours of each symbol.
  var previous: [Int32] = []
  var next: [Int32] = []
  /// Of byte pairs in long words: merges to come, by rank and place.
  var heap = MergeHeap()
  /// Of unigrams: the best path to each byte, by score, place before and piece.
  var scores: [Double] = []
  var origins: [Int32] = []
  var pieces: [Int32] = []
}

/// A heap of merges, the one with the lowest rank first, of these the leftmost.
struct MergeHeap {
  /// Rank and place in one number.
  private var entries: [UInt64] = []

  mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  mutating func insert(rank: UInt32, place: Int) {
    let entry = UInt64(rank) << 32 | UInt64(place)
    var index = entries.count
    entries.append(entry)
    while index > 0 {
      let parent = (index - 1) / 2
      if entries[parent] <= entry { break }
      entries[index] = entries[parent]
      index = parent
    }
    entries[index] = entry
  }

  mutating func removeFirst() -> (rank: UInt32, place: Int)? {
    guard let first = entries.first, let last = entries.popLast() else { return nil }
    if !entries.isEmpty {
      var index = 0
      while true {
        var child = 2 * index + 1
        if child >= entries.count { break }
        if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
        if last <= entries[child] { break }
        entries[index] = entries[child]
        index = child
      }
      entries[index] = last
    }
    return (UInt32(first >> 32), Int(first & 0xFFFF_FFFF))
  }
}
