// The memory of a fused loop's backward pass.

/// The memory of a backward pass.
struct AttentiveGradientBuffers {
  /// For each layer.
  let layers: [RecurrenceGradientRun]
  /// For each layer but the top: what arrives at its output, [batch, H].
  let below: [Tensor]
  /// What arrives at what joins x: [batch, fed width]. Of attention after the step it waits for the step before.
  let fed: Tensor
  /// Of W [c; h] before tanh, [rows, H], and of [c | h], [batch, value width + H].
  let combined: Tensor?
  let side: Tensor?
  /// Of the queries as they meet the keys, [rows, query width].
  let query: Tensor
  /// Of what asks, where the score or the distribution looks at it beside: [rows, H].
  let asked: Tensor?
  /// Of W q of a place that is predicted, [rows, hidden].
  let place: Tensor?
  /// [pairs]
  let pairs: Tensor
  /// Of the hidden layers of every pair before their activation, [pairs, layers · features]; of deep scores.
  let hidden: Tensor?
  let keys: Tensor
  let values: Tensor
  /// [batch, numbers]; nil where the score has no vector.
  let vector: Tensor?
  /// [batch, hidden]; of a place that is predicted.
  let placeVector: Tensor?
  /// From outside.
  let arrivingContexts: Tensor?
  let arrivingWeights: Tensor?
  let arrivingOutput: Tensor?
  /// For each layer and result.
  let arriving: [[Tensor?]]
  /// [H]
  let zeros: Tensor
}
