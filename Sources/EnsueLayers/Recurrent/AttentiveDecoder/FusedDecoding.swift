// A decoder's loop as the one operation of the engine: all steps of a batch, or one step of some hypotheses.

import EnsueTensor

/// A decoder whose attention the fused loop knows, and whose attention reaches the recurrence.
struct FusedDecoding: Sendable {
  let decoder: AttentiveDecoder
  private let score: any FusedScore
  private let distribution: any FusedDistribution

  /// nil where steps have to be composed.
  init?(_ decoder: AttentiveDecoder) {
    let attention = decoder.attention.parts(step: 0).attention
    guard decoder.configuration.fedSize > 0, let score = attention.score.base as? any FusedScore,
      let distribution = attention.distribution as? any FusedDistribution
    else { return nil }
    (self.decoder, self.score, self.distribution) = (decoder, score, distribution)
  }

  /// What of the keys is computed once.
  func prepared(_ source: PackedSequence) -> PreparedKeys {
    let keys = decoder.attention.prepared(source)
    return PreparedKeys(keys: keys.keys, prepared: score.stepKeys(keys.prepared))
  }

  /// The score in the engine's terms.
  func stepScore(_ source: PreparedKeys) -> StepScore { score.stepScore(keySize: source.prepared.shape[1]) }

  /// All steps.
  func callAsFunction(
    _ input: PackedSequence, _ source: PackedSequence, from states: [[Tensor]], _ draws: AttentiveDraws
  ) -> AttentiveDecoding {
    let fed = Tensor.zeros([input.layout.batchSize, decoder.configuration.hiddenSize], input.values.elementType)
    let keys = StepKeys(source.layout, sources: input.layout.order, queries: input.layout)
    let prepared = prepared(source)
    let result = attentiveRecurrence(
      call(input, prepared, keys, stepScore(prepared), states, fed: fed, step: 0, draws))
    return AttentiveDecoding(
      output: input.replacingValues(result.output), contexts: input.replacingValues(result.contexts),
      weights: result.weights, layout: PairLayout(queries: input.layout, keys: source.layout),
      states: zip(decoder.cells, result.results).map { cell, results in
        results.prefix(cell.formula.states.count).map { input.replacingValues($0) }
      })
  }

  /// The loop in the engine's terms.
  /// - Parameter step: the first one's number, counted from 0.
  func call(
    _ input: PackedSequence, _ source: PreparedKeys, _ keys: StepKeys, _ score: StepScore, _ states: [[Tensor]],
    fed: Tensor, step: Int, _ draws: AttentiveDraws
  ) -> AttentiveCall {
    let (cells, type) = (decoder.cells, input.values.elementType)
    let layers = cells.enumerated().map { layer, cell in
      let x = layer == 0 ? input.values : Tensor.zeros([0, cell.inputSize], type)
      return StepLayer(
        program: draws.cells[layer].program, inputs: cell.inputs(x, from: states[layer], draws.cells[layer]),
        outputIndex: cell.outputIndex, mask: layer == 0 ? nil : draws.masks[layer - 1])
    }
    let order: StepOrder =
      decoder.combination.map { .after(combination: $0, fed: fed) }
      ?? .before(state: cells[cells.count - 1].outputState)
    return AttentiveCall(
      layers: layers, layout: input.layout, order: order, score: score, distribution: distribution.stepDistribution,
      locality: decoder.attention.parts(step: step).locality, keys: keys, prepared: source.prepared,
      values: source.keys.values)
  }
}
