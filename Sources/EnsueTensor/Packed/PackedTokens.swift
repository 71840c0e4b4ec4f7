// Token ids of a batch, packed.

/// The token ids of a batch of sequences, time-major and longest first.
public struct PackedTokens: Sendable, Equatable {
  public let layout: PackedLayout
  /// One id for each packed row.
  public let ids: [Int32]

  /// - Parameter sequences: in the caller's order, none empty.
  public init(_ sequences: [[Int32]]) {
    let layout = PackedLayout(lengths: sequences.map(\.count))
    var ids: [Int32] = []
    ids.reserveCapacity(layout.rowCount)
    for step in 0..<layout.stepCount {
      for position in 0..<layout.aliveCount(at: step) { ids.append(sequences[layout.order[position]][step]) }
    }
    self.init(layout: layout, ids: ids)
  }

  package init(layout: PackedLayout, ids: [Int32]) {
    self.layout = layout
    self.ids = ids
  }
}

extension PackedTokens {
  /// The sequences in the caller's order.
  package var sequences: [[Int32]] {
    var sequences = [[Int32]](repeating: [], count: layout.batchSize)
    for (position, original) in layout.order.enumerated() {
      sequences[original] = (0..<layout.lengths[position]).map { ids[layout.row(step: $0, position: position)] }
    }
    return sequences
  }
}
