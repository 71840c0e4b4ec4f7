// What attention reads: values of the keys, summed by the weights of their pairs.

import EnsueKernels

/// Σⱼ wᵢⱼ ⊙ vⱼ for each query.
///
/// - Parameters:
///   - weights: [pairs, 1], or [pairs, features] for weights of each feature (multi-dimensional attention).
///   - values: [key rows, features]
/// - Returns: [query rows, features]
public func pairWeightedSums(_ weights: Tensor, _ values: Tensor, _ layout: PairLayout) -> Tensor {
  layout.check("pairWeightedSums", keys: values, pairs: weights)
  let (w, v, type) = (weights.detached, values.detached, values.elementType)
  let (width, features) = (w.shape[1], v.shape[1])
  precondition(
    width == 1 || width == features, "pairWeightedSums: weights \(w.shape) and values \(v.shape) do not fit")
  let (needsWeights, needsValues) = (weights.isTracked, values.isTracked)
  let result = Tensor(uninitialized: [layout.queries.rowCount, features], type)
  layout.forEachSequence(type, features: features) { _, pairs in
    withUnsafePointer(to: pairs) {
      ensue_pair_weighted_sums($0, w.pointer, width, v.pointer, result.freshPointer, features)
    }
  }
  return result.recorded("pairWeightedSums", [weights, values]) { gradient in
    let dw = needsWeights ? Tensor(uninitialized: w.shape, type) : nil
    let dv = needsValues ? Tensor(uninitialized: v.shape, type) : nil
    layout.forEachSequence(type, features: features) { _, pairs in
      withUnsafePointer(to: pairs) {
        ensue_pair_weighted_sums_gradient(
          $0, w.pointer, width, v.pointer, gradient.pointer, dw?.freshPointer, dv?.freshPointer, features)
      }
    }
    return [dw.map { .dense($0) }, dv.map { .dense($0) }]
  }
}
