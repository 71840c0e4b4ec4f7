// From scores to weights: each query's distribution over its keys, each column for itself. Pairs that a mask does not
// allow get exactly 0 and no gradient; a query without an allowed pair gets zeros.

import EnsueKernels

/// exp(sᵢⱼ) / Σ exp(sᵢₗ) over the allowed keys of each query: [pairs, features] → [pairs, features].
public func pairSoftmax(_ scores: Tensor, _ layout: PairLayout, mask: PairMask?) -> Tensor {
  layout.distribution("pairSoftmax", scores, alpha: 1, mask)
}

/// The nearest point to the scores among the distributions over the allowed keys of each query, which gives exact
/// zeros (Martins and Astudillo, From softmax to sparsemax, 2016); found by sorting.
public func pairSparsemax(_ scores: Tensor, _ layout: PairLayout, mask: PairMask?) -> Tensor {
  layout.distribution("pairSparsemax", scores, alpha: 2, mask)
}

/// α-entmax over the allowed keys of each query (Peters, Niculae and Martins, Sparse sequence-to-sequence models,
/// 2019): max((α - 1) s - τ, 0)^(1 / (α - 1)) with the τ that makes the sum 1.
///
/// α = 1 is softmax and α = 2 sparsemax. α = 1.5 is found by sorting, other α by bisection as far as numbers reach.
public func pairEntmax(_ scores: Tensor, alpha: Double, _ layout: PairLayout, mask: PairMask?) -> Tensor {
  precondition(alpha >= 1 && alpha.isFinite, "pairEntmax: alpha \(alpha) is not a number from 1 on")
  return layout.distribution("pairEntmax", scores, alpha: alpha, mask)
}

/// The weights where the mask allows the pair, 0 elsewhere: for weights that are no distribution.
public func pairMasked(_ weights: Tensor, _ layout: PairLayout, mask: PairMask?) -> Tensor {
  layout.check("pairMasked", pairs: weights)
  guard let mask else { return weights }
  mask.check("pairMasked", layout)
  @Sendable func masked(_ x: Tensor) -> Tensor {
    let (columns, size) = (x.shape[1], x.elementType.size)
    let result = Tensor(uninitialized: x.shape, x.elementType)
    mask.allowed.withUnsafeBufferPointer { allowed in
      guard let allowed = allowed.baseAddress else { return }
      ThreadPool.current.forPieces(of: x.shape[0], grain: max(1, (1 << 14) / max(1, columns))) { range in
        let offset = range.lowerBound * columns * size
        ensue_pair_mask(
          x.elementType.kernel, x.pointer + offset, allowed + range.lowerBound, result.freshPointer + offset,
          range.count, columns)
      }
    }
    return result
  }
  return masked(weights.detached).recorded("pairMasked", [weights]) { [.dense(masked($0))] }
}

extension PairLayout {
  fileprivate func distribution(_ name: StaticString, _ scores: Tensor, alpha: Double, _ mask: PairMask?) -> Tensor {
    check(name, pairs: scores)
    mask?.check(name, self)
    let (x, type, columns) = (scores.detached, scores.elementType, scores.shape[1])
    let y = Tensor(uninitialized: x.shape, type)
    withAllowed(mask) { allowed in
      forEachSequence(type, features: columns * 8) { position, pairs in
        let scratch = Storage(byteCount: 2 * keyCount(at: position) * MemoryLayout<Double>.size)
        withUnsafePointer(to: pairs) {
          ensue_pair_distribution(
            $0, alpha, allowed, x.pointer, y.freshPointer, columns,
            scratch.pointer.assumingMemoryBound(to: Double.self))
        }
        withExtendedLifetime(scratch) {}
      }
    }
    return y.recorded(name, [scores]) { gradient in
      let result = Tensor(uninitialized: y.shape, type)
      self.forEachSequence(type, features: columns * 4) { _, pairs in
        withUnsafePointer(to: pairs) {
          ensue_pair_distribution_gradient($0, alpha, y.pointer, gradient.pointer, result.freshPointer, columns)
        }
      }
      return [.dense(result)]
    }
  }

  private func withAllowed(_ mask: PairMask?, _ body: (UnsafePointer<UInt8>?) -> Void) {
    guard let mask else { return body(nil) }
    mask.allowed.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
