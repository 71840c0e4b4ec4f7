// The norm-stabilizer (Krueger and Memisevic, Regularizing RNNs by stabilizing activations, ICLR 2016). Its weight β is
// the caller's.

import EnsueTensor

/// (1/T) Σ_t (‖h_t‖ − ‖h_{t−1}‖)² over the steps of each sequence, averaged over the sequences: a tensor of shape [].
///
/// - Parameters:
///   - states: h after each step, [rows, H]: any state or value of a run, `run.values["h'"]`.
///   - initial: h before the first step, [batch, H], longest sequence first; nil for zeros.
///   - direction: in which the states were made.
public func normStabilizer(
  _ states: PackedSequence, from initial: Tensor? = nil, direction: Direction = .forward
) -> Tensor {
  let norms = states.replacingValues(rowNorms([states.values]))
  let first = initial.map { rowNorms([$0]) } ?? .zeros([states.layout.batchSize, 1], states.values.elementType)
  let changes = norms.values - norms.before(from: first, direction: direction).values
  return norms.replacingValues(square(changes)).mean().mean()
}
