// The pairs that may be merged next.

/// A priority queue: the highest count first, then the smallest left symbol, then the smallest right one.
struct MergeQueue {
  struct Entry {
    /// How often the pair occurred when the entry was made or last looked at.
    var count: Int
    /// The left symbol above the right one.
    let pair: UInt64
    /// The pair's index in the table of pairs.
    let index: Int
    /// Which list of words has it.
    let words: Int

    /// Whether this one leaves the queue before the other.
    func precedes(_ other: Entry) -> Bool { count != other.count ? count > other.count : pair < other.pair }
  }

  private var heap: [Entry] = []

  mutating func push(_ entry: Entry) {
    heap.append(entry)
    var place = heap.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard entry.precedes(heap[parent]) else { break }
      heap[place] = heap[parent]
      place = parent
    }
    heap[place] = entry
  }

  mutating func pop() -> Entry? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if heap.isEmpty { return first }
    var place = 0
    while true {
      var child = 2 * place + 1
      if child >= heap.count { break }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(last) else { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = last
    return first
  }
}
