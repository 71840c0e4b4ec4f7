// The fused loop one step at a time: the same phases over the same weights, packed once. Sources are shared: a choice of
// hypotheses moves their states and numbers, no key and no value.

import EnsueTensor

/// Hypotheses between two fused steps.
struct FusedStepping: AttentiveStepping {
  private let fused: FusedDecoding
  private let weights: AttentiveWeights
  private let source: PreparedKeys
  private let score: StepScore
  private let draws: AttentiveDraws
  /// The source of each hypothesis.
  private let sources: [Int]
  private let layout: PackedLayout
  private let keys: StepKeys
  /// For each layer, [batch, H] each.
  private var states: [[Tensor]]
  /// h̃ of the step before, [batch, H].
  private var fed: Tensor
  /// The number of the next step, counted from 0.
  private var step = 0

  /// One hypothesis for each source.
  init(_ fused: FusedDecoding, _ source: PackedSequence, from states: [[Tensor]]) {
    let (batch, type) = (source.layout.batchSize, source.values.elementType)
    let decoder = fused.decoder
    (self.fused, self.source, self.states) = (fused, fused.prepared(source), states)
    score = fused.stepScore(self.source)
    layout = PackedLayout(lengths: .init(repeating: 1, count: batch))
    sources = Array(0..<batch)
    keys = StepKeys(source.layout, sources: sources, queries: layout)
    draws = AttentiveDraws(decoder.cells, dropout: 0, layout, .inference, type)
    fed = .zeros([batch, decoder.configuration.hiddenSize], type)
    let none = PackedSequence(layout: layout, values: .zeros([batch, decoder.configuration.inputSize], type))
    weights = AttentiveWeights(forward: fused.call(none, self.source, keys, score, states, fed: fed, step: 0, draws))
  }

  private init(_ other: FusedStepping, _ hypotheses: [Int]) {
    (fused, weights, source, draws) = (other.fused, other.weights, other.source, other.draws)
    score = other.score
    sources = hypotheses.map { other.sources[$0] }
    layout = PackedLayout(lengths: .init(repeating: 1, count: sources.count))
    keys = StepKeys(source.keys.layout, sources: sources, queries: layout)
    let rows = hypotheses.map(Int32.init)
    states = other.states.map { $0.map { $0.gathered(rows) } }
    fed = other.fed.gathered(rows)
    step = other.step
  }

  var batchSize: Int { sources.count }

  func selecting(_ hypotheses: [Int]) -> any AttentiveStepping { FusedStepping(self, hypotheses) }

  mutating func take(_ x: Tensor) -> SteppedResult {
    let input = PackedSequence(layout: layout, values: x)
    let call = fused.call(input, source, keys, score, states, fed: fed, step: step, draws)
    let result = attentiveRecurrence(call, packed: weights)
    step += 1
    for (layer, cell) in fused.decoder.cells.enumerated() {
      states[layer] = Array(result.results[layer].prefix(cell.formula.states.count))
    }
    fed = result.output
    let pairs = sources.indices.map { Int(keys.starts[$0])..<Int(keys.starts[$0 + 1]) }
    return SteppedResult(
      output: result.output, contexts: result.contexts, weights: StepWeights(values: result.weights, pairs: pairs))
  }
}
