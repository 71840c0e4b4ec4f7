// A step of an attentive decoder as a composition of operations that exist for other purposes too: for every score and
// distribution, with gradients. The fused operation must give the same.

import EnsueTensor

/// The state of a decoder between two steps, rows in the caller's order.
struct ComposedStep: Sendable {
  let decoder: AttentiveDecoder
  private(set) var reading: SourceReading
  /// For each layer its states, [batch, H] each.
  private(set) var states: [[Tensor]]
  /// h̃_{t-1}; zero before the first step.
  private var fed: Tensor
  private var step = 0

  /// What a step gives; the weights are those of the pairs of `reading.layout`.
  struct Result {
    let output: Tensor
    let contexts: Tensor
    let weights: Tensor
  }

  init(_ decoder: AttentiveDecoder, _ reading: SourceReading, from states: [[Tensor]]) {
    (self.decoder, self.reading, self.states) = (decoder, reading, states)
    fed = .zeros([reading.sources.count, decoder.configuration.hiddenSize], reading.keys.keys.values.elementType)
  }

  func selecting(_ sequences: [Int]) -> ComposedStep {
    let rows = sequences.map(Int32.init)
    var copy = self
    copy.reading = reading.selecting(sequences)
    copy.states = states.map { $0.map { $0.gathered(rows) } }
    copy.fed = fed.gathered(rows)
    return copy
  }

  /// - Parameter x: [batch, input]
  mutating func take(_ x: Tensor, _ draws: AttentiveDraws) -> Result {
    defer { step += 1 }
    switch decoder.configuration.order {
    case .before:
      let query = states[states.count - 1][decoder.cells[decoder.cells.count - 1].outputState]
      let (contexts, weights) = reading(query, decoder.attention, step: step)
      return Result(output: layers(concatenated([x, contexts]), draws), contexts: contexts, weights: weights)
    case .after:
      let top = layers(decoder.configuration.feedsInput ? concatenated([x, fed]) : x, draws)
      let (contexts, weights) = reading(top, decoder.attention, step: step)
      fed = decoder.combined(contexts, top)
      return Result(output: fed, contexts: contexts, weights: weights)
    case .beside:
      let top = layers(x, draws)
      let (contexts, weights) = reading(top, decoder.attention, step: step)
      return Result(output: decoder.combined(contexts, top), contexts: contexts, weights: weights)
    }
  }

  /// Every layer's step; the output of the last.
  private mutating func layers(_ input: Tensor, _ draws: AttentiveDraws) -> Tensor {
    let layout = PackedLayout(lengths: .init(repeating: 1, count: input.shape[0]))
    var below = input
    for (layer, cell) in decoder.cells.enumerated() {
      if layer > 0, let mask = draws.masks[layer - 1] { below = below * mask }
      let results = recurrences([
        RecurrenceCall(
          program: draws.cells[layer].program, inputs: cell.inputs(below, from: states[layer], draws.cells[layer]),
          layout: layout, isReverse: false)
      ])[0]
      states[layer] = Array(results.prefix(cell.formula.states.count))
      below = results[cell.outputIndex]
    }
    return below
  }
}
