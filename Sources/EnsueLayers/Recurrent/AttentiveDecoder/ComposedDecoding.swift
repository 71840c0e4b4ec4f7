// All steps of an attentive decoder, one after another in Swift: where no fused operation knows the score, the
// distribution or the neighbourhood. Slow, and right for all of them.

import EnsueTensor

/// A run step by step. Sequences that have ended go on with their last input, and nobody looks.
struct ComposedDecoding {
  let decoder: AttentiveDecoder

  func callAsFunction(
    _ input: PackedSequence, _ source: PackedSequence, from states: [[Tensor]], _ draws: AttentiveDraws
  ) -> AttentiveDecoding {
    let (layout, positions) = (input.layout, input.layout.positions)
    let layer = states.map { $0.map { $0.gathered(positions) } }
    var step = ComposedStep(decoder, SourceReading(decoder.attention.prepared(source)), from: layer)
    var (results, after): ([ComposedStep.Result], [[[Tensor]]]) = ([], [])
    for time in 0..<layout.stepCount {
      let rows = positions.map { position in
        Int32(layout.row(step: min(time, layout.lengths[Int(position)] - 1), position: Int(position)))
      }
      let isDrawn = draws.cells.contains { !$0.masks.isEmpty || !$0.noises.isEmpty } || draws.masks.contains { $0 != nil }
      results.append(
        step.take(input.values.gathered(rows), isDrawn ? draws.step(rows: rows, positions: positions) : draws))
      after.append(step.states)
    }
    let pairs = PairLayout(queries: layout, keys: source.layout)
    func packed(_ ofSteps: [Tensor]) -> PackedSequence {
      input.replacingValues(concatenated(ofSteps, axis: 0).gathered(rows(of: layout)))
    }
    return AttentiveDecoding(
      output: packed(results.map(\.output)), contexts: packed(results.map(\.contexts)),
      weights: concatenated(results.map(\.weights), axis: 0).gathered(pairRows(step.reading.layout, pairs)),
      layout: pairs,
      states: states.indices.map { layer in
        states[layer].indices.map { state in packed(after.map { $0[layer][state] }) }
      })
  }

  /// For each packed row, its place among the steps' rows one after another.
  private func rows(of layout: PackedLayout) -> [Int32] {
    (0..<layout.stepCount).flatMap { step in
      (0..<layout.aliveCount(at: step)).map { Int32(step * layout.batchSize + layout.order[$0]) }
    }
  }

  /// For each pair, its place among the steps' pairs one after another.
  private func pairRows(_ ofStep: PairLayout, _ all: PairLayout) -> [Int32] {
    var rows: [Int32] = []
    rows.reserveCapacity(all.pairCount)
    all.forEachQuery { query in
      // In a step, query row i is sequence i.
      rows += ofStep.pairs(ofQueryRow: query.sequence).map { Int32(query.step * ofStep.pairCount + $0) }
    }
    return rows
  }
}
