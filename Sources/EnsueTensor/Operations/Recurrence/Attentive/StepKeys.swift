// Which keys the sequences of a fused loop attend to.

/// The keys that each sequence of a batch attends to, as kernels walk them. Several may have the same.
package struct StepKeys: Sendable {
  /// Of the keys' rows.
  let layout: PackedLayout
  /// Of each sequence, among the keys.
  let positions: [Int32]
  let counts: [Int32]
  /// The first pair of each packed row, and at the end the number of pairs.
  package let starts: [Int64]

  /// - Parameters:
  ///   - sources: of each sequence, longest first, the sequence of keys in their caller's order.
  ///   - queries: the rows that ask.
  package init(_ layout: PackedLayout, sources: [Int], queries: PackedLayout) {
    self.layout = layout
    let all = layout.positions
    positions = sources.map { all[$0] }
    counts = positions.map { Int32(layout.lengths[Int($0)]) }
    var starts: [Int64] = [0]
    starts.reserveCapacity(queries.rowCount + 1)
    for step in 0..<queries.stepCount {
      for position in 0..<queries.aliveCount(at: step) {
        starts.append(starts[starts.count - 1] + Int64(counts[position]))
      }
    }
    self.starts = starts
  }

  var pairCount: Int { Int(starts[starts.count - 1]) }
  var largestCount: Int { Int(counts.max() ?? 0) }
}
