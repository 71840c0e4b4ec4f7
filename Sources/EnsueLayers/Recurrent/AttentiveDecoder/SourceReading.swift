// Which source each of some hypotheses reads.

import EnsueTensor

/// Prepared keys that several hypotheses may share. Choosing hypotheses copies no key while every source has one.
struct SourceReading: Sendable {
  /// Of all sources.
  let keys: PreparedKeys
  /// The source of each hypothesis, in the caller's order of sources.
  let sources: [Int]
  /// Hypotheses of one source are the query steps of one sequence.
  let layout: PairLayout
  /// Keys of the sources that have a hypothesis.
  private let usedKeys: PreparedKeys
  /// The hypothesis of each query row; nil where row i is hypothesis i.
  private let hypotheses: [Int32]?
  /// The query row of each hypothesis.
  let rows: [Int32]

  /// One hypothesis for each source.
  init(_ keys: PreparedKeys) { self.init(keys, sources: Array(0..<keys.keys.layout.batchSize)) }

  init(_ keys: PreparedKeys, sources: [Int]) {
    (self.keys, self.sources) = (keys, sources)
    let used = Set(sources).sorted()
    usedKeys = used.count == keys.keys.layout.batchSize ? keys : keys.selecting(used)
    var numbers = [Int](repeating: 0, count: keys.keys.layout.batchSize)
    for (number, source) in used.enumerated() { numbers[source] = number }
    var counts = [Int](repeating: 0, count: used.count)
    let steps = sources.map { source -> Int in
      counts[numbers[source]] += 1
      return counts[numbers[source]] - 1
    }
    let queries = PackedLayout(lengths: counts)
    let positions = queries.positions
    let rows = zip(sources, steps).map { source, step in
      Int32(queries.row(step: step, position: Int(positions[numbers[source]])))
    }
    var hypotheses = [Int32](repeating: 0, count: rows.count)
    for (hypothesis, row) in rows.enumerated() { hypotheses[Int(row)] = Int32(hypothesis) }
    (self.rows, self.hypotheses) = (rows, hypotheses == rows && hypotheses.indices.allSatisfy { rows[$0] == $0 } ? nil : hypotheses)
    layout = PairLayout(queries: queries, keys: usedKeys.keys.layout)
  }

  func selecting(_ chosen: [Int]) -> SourceReading { SourceReading(keys, sources: chosen.map { sources[$0] }) }

  /// - Parameter queries: one row for each hypothesis.
  /// - Returns: what each reads, and the weights of the pairs of `layout`.
  func callAsFunction(_ queries: Tensor, _ attention: DecoderAttention, step: Int) -> (contexts: Tensor, weights: Tensor)
  {
    let output = attention(hypotheses.map { queries.gathered($0) } ?? queries, usedKeys, layout, step: step)
    return (hypotheses == nil ? output.values : output.values.gathered(rows), output.weights)
  }
}

extension PreparedKeys {
  /// Of these sequences alone, in this order.
  func selecting(_ sequences: [Int]) -> PreparedKeys {
    let (whole, positions) = (keys.layout, keys.layout.positions)
    let part = PackedLayout(lengths: sequences.map { whole.lengths[Int(positions[$0])] })
    let rows = (0..<part.stepCount).flatMap { step in
      (0..<part.aliveCount(at: step)).map { position in
        Int32(whole.row(step: step, position: Int(positions[sequences[part.order[position]]])))
      }
    }
    return PreparedKeys(
      keys: PackedSequence(layout: part, values: keys.values.gathered(rows)), prepared: prepared.gathered(rows))
  }
}
