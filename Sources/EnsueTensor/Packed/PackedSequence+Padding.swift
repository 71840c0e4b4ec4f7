// Batches with padding, as other programs have them, into packed batches and back.

extension PackedSequence {
  /// The true steps of a padded batch; what stands past a sequence's end is not looked at.
  /// - Parameters:
  ///   - batch: [batch, steps, features].
  ///   - lengths: of each sequence, 1 ... steps.
  public init(padded batch: Tensor, lengths: [Int]) {
    precondition(
      batch.shape.rank == 3 && lengths.count == batch.shape[0]
        && lengths.allSatisfy { (1...max(1, batch.shape[1])).contains($0) },
      """
      padded: a length from 1 for each sequence of [batch, steps, features] expected, found \(lengths) of \(batch.shape)
      """)
    let (steps, features) = (batch.shape[1], batch.shape[2])
    let layout = PackedLayout(lengths: lengths)
    let rows = batch.reshaped([lengths.count * steps, features])
    self.init(layout: layout, values: rows.gathered(layout.paddedRows(stepCount: steps)))
  }

  /// The sequences in the caller's order with zeros past their ends: [batch, steps, features].
  /// - Parameter stepCount: at least that of the longest sequence; nil for it.
  public func padded(stepCount: Int? = nil) -> Tensor {
    let steps = stepCount ?? layout.stepCount
    precondition(steps >= layout.stepCount, "padded: \(layout.stepCount) steps or more expected, found \(steps)")
    // Where no step is stands the row after the last.
    var places = [Int32](repeating: Int32(layout.rowCount), count: layout.batchSize * steps)
    for (row, place) in layout.paddedRows(stepCount: steps).enumerated() { places[Int(place)] = Int32(row) }
    let rows = concatenated([values, .zeros([1, featureCount], values.elementType)], axis: 0)
    return rows.gathered(places).reshaped([layout.batchSize, steps, featureCount])
  }
}

extension PackedLayout {
  /// For each packed row, its row among those of a padded batch in the caller's order, one sequence after another.
  fileprivate func paddedRows(stepCount: Int) -> [Int32] {
    (0..<self.stepCount).flatMap { step in
      order[..<aliveCount(at: step)].map { Int32($0 * stepCount + step) }
    }
  }
}
