// Attention in time and memory linear in the length, by products of features.

import EnsueKernels

/// Σⱼ (φ(qᵢ) · φ(kⱼ)) vⱼ / Σⱼ φ(qᵢ) · φ(kⱼ) (Katharopoulos et al. 2020; Choromanski et al., Rethinking attention with
/// Performers, 2021), without any pair being made.
///
/// - Parameters:
///   - queryFeatures: φ(q), [query rows, m], of one head; positive, or the denominator may vanish.
///   - keyFeatures: φ(k), [key rows, m]
///   - values: [key rows, d]
///   - isCausal: whether a query sees the keys up to its own step only.
/// - Returns: [query rows, d]
public func linearAttention(
  queryFeatures: Tensor, keyFeatures: Tensor, values: Tensor, _ layout: PairLayout, isCausal: Bool
) -> Tensor {
  layout.check("linearAttention", queries: queryFeatures, keys: keyFeatures)
  layout.check("linearAttention", queries: queryFeatures, keys: values)
  let (q, k, v, type) = (queryFeatures.detached, keyFeatures.detached, values.detached, values.elementType)
  let (features, size) = (q.shape[1], v.shape[1])
  precondition(k.shape[1] == features, "linearAttention: features \(q.shape) and \(k.shape) differ")
  let y = Tensor(uninitialized: [layout.queries.rowCount, size], type)
  let denominators = Tensor(uninitialized: [layout.queries.rowCount], type)
  let scratchCount = (features + 1) * (size + 1)

  @Sendable func forEachSequence(
    scratchCount: Int, _ body: (UnsafePointer<EnsueLinearAttention>, UnsafeMutableRawPointer) -> Void
  ) {
    // A pair's work here is a step's: features · size for each.
    layout.forEachSequence(type, features: features * size) { _, pairs in
      let scratch = Tensor.zeros([scratchCount], type)
      let attention = EnsueLinearAttention(pairs: pairs, causal: isCausal ? 1 : 0, features: features, size: size)
      withUnsafePointer(to: attention) { body($0, scratch.freshPointer) }
      withExtendedLifetime(scratch) {}
    }
  }

  forEachSequence(scratchCount: scratchCount) { attention, scratch in
    ensue_linear_attention(
      attention, q.pointer, k.pointer, v.pointer, y.freshPointer, denominators.freshPointer, scratch)
  }
  return y.recorded("linearAttention", [queryFeatures, keyFeatures, values]) { gradient in
    let dq = Tensor(uninitialized: q.shape, type)
    let dk = Tensor(uninitialized: k.shape, type)
    let dv = Tensor(uninitialized: v.shape, type)
    forEachSequence(scratchCount: 2 * scratchCount) { attention, scratch in
      ensue_linear_attention_gradient(
        attention, q.pointer, k.pointer, v.pointer, y.pointer, denominators.pointer, gradient.pointer,
        dq.freshPointer, dk.freshPointer, dv.freshPointer, scratch)
    }
    return [.dense(dq), .dense(dk), .dense(dv)]
  }
}
