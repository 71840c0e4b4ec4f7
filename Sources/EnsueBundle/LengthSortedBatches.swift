// Texts of similar length together, no more at once than memory should be taken for.

/// Batches for inference, shortest texts first.
package enum LengthSortedBatches {
  /// Tokens of a batch, at most, unless one text has more.
  private static let tokenLimit = 1 << 14

  /// Every index once.
  /// - Parameter lengths: in tokens.
  package static func batches(of lengths: [Int], count: Int = 256) -> [[Int]] {
    let order = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    var batches: [[Int]] = []
    var batch: [Int] = []
    for index in order {
      // The next text is the longest so far; padded batches of other libraries would have this many tokens too.
      if !batch.isEmpty, batch.count == count || (batch.count + 1) * lengths[index] > tokenLimit {
        batches.append(batch)
        batch = []
      }
      batch.append(index)
    }
    return batch.isEmpty ? batches : batches + [batch]
  }
}
