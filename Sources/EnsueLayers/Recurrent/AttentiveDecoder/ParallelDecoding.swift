// Luong's attention without input feeding does not reach the recurrence: all layers run over all steps, then all steps
// attend at once.

import EnsueTensor

/// A run layer by layer.
struct ParallelDecoding {
  let decoder: AttentiveDecoder

  func callAsFunction(
    _ input: PackedSequence, _ source: PackedSequence, from states: [[Tensor]], _ draws: AttentiveDraws
  ) -> AttentiveDecoding {
    var below = input.values
    var after: [[PackedSequence]] = []
    for (layer, cell) in decoder.cells.enumerated() {
      if layer > 0, let mask = draws.masks[layer - 1] { below = below * mask }
      let results = recurrences([
        RecurrenceCall(
          program: draws.cells[layer].program, inputs: cell.inputs(below, from: states[layer], draws.cells[layer]),
          layout: input.layout, isReverse: false)
      ])[0]
      after.append(results.prefix(cell.formula.states.count).map { input.replacingValues($0) })
      below = results[cell.outputIndex]
    }
    let layout = PairLayout(queries: input.layout, keys: source.layout)
    let read = decoder.attention(below, decoder.attention.prepared(source), layout)
    return AttentiveDecoding(
      output: input.replacingValues(decoder.combined(read.values, below)),
      contexts: input.replacingValues(read.values), weights: read.weights, layout: layout, states: after)
  }
}
