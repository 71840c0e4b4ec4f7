// One number for each pair of a query and a key: a sum over their features.

import EnsueKernels

extension PairLayout {
  /// A score of each pair with its gradient, both from the kernels.
  fileprivate func scores(
    _ name: StaticString, _ function: EnsuePairFunction, _ queries: Tensor, _ keys: Tensor, _ weight: Tensor? = nil
  ) -> Tensor {
    check(name, queries: queries, keys: keys)
    let features = queries.shape[1]
    precondition(
      keys.shape[1] == features && weight.map { $0.count == features && $0.elementType == keys.elementType } ?? true,
      "\(name): \(queries.shape), \(keys.shape)\(weight.map { " and \($0.shape)" } ?? "") differ in their features")
    let (q, k, w, type) = (queries.detached, keys.detached, weight?.detached, queries.elementType)
    let result = Tensor(uninitialized: [pairCount, 1], type)
    forEachSequence(type, features: features) { _, pairs in
      withUnsafePointer(to: pairs) {
        ensue_pair_scores($0, function, q.pointer, k.pointer, w?.pointer, result.freshPointer, features)
      }
    }
    return result.recorded(name, [queries, keys] + (weight.map { [$0] } ?? [])) { gradient in
      let dq = Tensor(uninitialized: q.shape, type)
      let dk = Tensor(uninitialized: k.shape, type)
      // Each sequence has a sum of its own for the weight; they are added in the packed order.
      let dw = w.map { Tensor(uninitialized: [self.batchSize, $0.count], type) }
      self.forEachSequence(type, features: features) { position, pairs in
        withUnsafePointer(to: pairs) {
          ensue_pair_scores_gradient(
            $0, function, q.pointer, k.pointer, w?.pointer, gradient.pointer, dq.freshPointer, dk.freshPointer,
            dw.map { $0.freshPointer + position * features * type.size }, features)
        }
      }
      guard let dw, let w else { return [.dense(dq), .dense(dk)] }
      return [.dense(dq), .dense(dk), .dense(dw.sum(axis: 0).reshaped(w.shape))]
    }
  }
}

/// The dot product of each pair, qᵢ · kⱼ: [query rows, features] and [key rows, features] → [pairs, 1].
public func pairDots(_ queries: Tensor, _ keys: Tensor, _ layout: PairLayout) -> Tensor {
  layout.scores("pairDots", EnsuePairDot, queries, keys)
}

/// The distance of each pair, Σ |qᵢ - kⱼ|: [query rows, features] and [key rows, features] → [pairs, 1]. Where two
/// numbers are equal the derivative is 0.
public func pairDistances(_ queries: Tensor, _ keys: Tensor, _ layout: PairLayout) -> Tensor {
  layout.scores("pairDistances", EnsuePairDistance, queries, keys)
}

/// The additive score of each pair, Σ w_f tanh(q_if + k_jf) (Bahdanau, Cho and Bengio 2015): [query rows, features] and
/// [key rows, features] → [pairs, 1]. The sums inside are never stored; the gradient makes them again.
///
/// - Parameter weight: w, one number for each feature.
public func additiveScores(_ queries: Tensor, _ keys: Tensor, weight: Tensor, _ layout: PairLayout) -> Tensor {
  layout.scores("additiveScores", EnsuePairAdditive, queries, keys, weight)
}
