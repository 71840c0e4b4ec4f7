// Which thread takes which sequences of a batch.

/// Shares of a batch, each a range of neighbours (longest sequence first): no thread writes beside another, and a
/// sequence's steps stay with one thread.
struct RowShares {
  let ranges: [Range<Int>]

  /// Below this many multiplications a second thread costs more than it saves.
  private static let smallestWork = 1 << 18
  /// Rows' worth of work that a share loses at each of its steps to blocks of rows that are not full.
  private static let partialRows = 3

  /// - Parameter rowWork: multiplications for one row of one step.
  init(_ layout: PackedLayout, rowWork: Int) {
    let lengths = layout.lengths
    let worthwhile = layout.rowCount * max(1, rowWork) / RowShares.smallestWork
    let count = max(1, min(ThreadPool.current.threadCount, layout.batchSize, worthwhile))
    if count == 1 {
      ranges = [0..<layout.batchSize]
      return
    }
    // The smallest limit under which all sequences fit into so many shares.
    var (low, high) = (0, layout.rowCount + RowShares.partialRows * lengths[0])
    while low < high {
      let middle = (low + high) / 2
      if RowShares.filled(lengths, limit: middle).count <= count { high = middle } else { low = middle + 1 }
    }
    ranges = RowShares.filled(lengths, limit: low)
  }

  /// Shares filled one after the other up to a limit; a share has one sequence at least.
  private static func filled(_ lengths: [Int], limit: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    while start < lengths.count {
      var end = start + 1
      var work = (1 + partialRows) * lengths[start]
      while end < lengths.count, work + lengths[end] <= limit {
        work += lengths[end]
        end += 1
      }
      ranges.append(start..<end)
      start = end
    }
    return ranges
  }
}
