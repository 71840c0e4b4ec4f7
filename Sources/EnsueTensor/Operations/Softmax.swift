// Softmax, and the cross-entropy that training minimises.

import EnsueKernels

extension Tensor {
  fileprivate typealias RowKernel =
    @Sendable (
      EnsueElement, UnsafeRawPointer, UnsafeMutableRawPointer, Int, Int
    ) -> Void
  fileprivate typealias RowGradientKernel =
    @Sendable (
      EnsueElement, UnsafeRawPointer, UnsafeRawPointer, UnsafeMutableRawPointer, Int, Int
    ) -> Void

  /// A function of each row whose gradient follows from its result.
  fileprivate func rowwise(
    _ name: StaticString, _ forward: RowKernel, gradient backward: @escaping RowGradientKernel
  ) -> Tensor {
    let (rows, columns, type) = (shape.rows, shape.columns, elementType)
    let y = Tensor(uninitialized: shape, type)
    let grain = max(1, (1 << 13) / max(1, columns))
    ThreadPool.current.forPieces(of: columns == 0 ? 0 : rows, grain: grain) { range in
      let offset = range.lowerBound * columns * type.size
      forward(type.kernel, pointer + offset, y.freshPointer + offset, range.count, columns)
    }
    return y.recorded(name, [self]) { gradient in
      let result = Tensor(uninitialized: y.shape, type)
      ThreadPool.current.forPieces(of: columns == 0 ? 0 : rows, grain: grain) { range in
        let offset = range.lowerBound * columns * type.size
        backward(
          type.kernel, y.pointer + offset, gradient.pointer + offset, result.freshPointer + offset, range.count, columns
        )
      }
      return [.dense(result)]
    }
  }
}

/// exp(xᵢ) / Σⱼ exp(xⱼ) over the last axis.
public func softmax(_ x: Tensor) -> Tensor {
  x.rowwise("softmax", { ensue_softmax($0, $1, $2, $3, $4) }) { ensue_softmax_gradient($0, $1, $2, $3, $4, $5) }
}

/// xᵢ - log Σⱼ exp(xⱼ) over the last axis.
public func logSoftmax(_ x: Tensor) -> Tensor {
  x.rowwise("logSoftmax", { ensue_log_softmax($0, $1, $2, $3, $4) }) {
    ensue_log_softmax_gradient($0, $1, $2, $3, $4, $5)
  }
}

/// The mean cross-entropy of rows of logits against target classes:
/// -1/N Σₙ [(1 - ε) log p(targetₙ) + ε/C Σ_c log p(c)], p = softmax(logits), over the N rows that are scored.
///
/// - Parameters:
///   - logits: [rows, classes]
///   - targets: the class of each row; a negative one is not scored.
///   - labelSmoothing: ε in 0 ..< 1 (Szegedy et al. 2016).
/// - Returns: a tensor of shape [].
public func crossEntropy(logits: Tensor, targets: [Int], labelSmoothing: Double = 0) -> Tensor {
  let (rows, classes, type) = (logits.shape.rows, logits.shape.columns, logits.elementType)
  precondition(targets.count == rows && rows > 0, "crossEntropy: \(targets.count) targets for logits \(logits.shape)")
  precondition(targets.allSatisfy { $0 < classes }, "crossEntropy: a target lies outside 0..<\(classes)")
  let scored = Double(max(1, targets.count { $0 >= 0 }))
  // The gradient is made with the loss, while a row is in the cache.
  let difference = Tensor(uninitialized: logits.shape, type)
  let losses = rowLosses(
    logits, targets.map { Int32($0) }, labelSmoothing, scale: 1 / scored, gradient: difference)
  let loss = Tensor([losses.reduce(0, +) / scored], shape: []).converted(to: type)
  return loss.recorded("crossEntropy", [logits]) { gradient in [.dense(difference.times(gradient.scalar))] }
}

/// The loss of each row, and `scale` times its derivative with respect to the logits, which may take their place.
func rowLosses(
  _ logits: Tensor, _ targets: [Int32], _ labelSmoothing: Double, scale: Double, gradient: Tensor
) -> [Double] {
  let (classes, type) = (logits.shape.columns, logits.elementType)
  var losses = [Double](repeating: 0, count: targets.count)
  losses.withUnsafeMutableBufferPointer { losses in
    ThreadPool.current.forPieces(of: targets.count, grain: max(1, (1 << 14) / classes)) { range in
      let offset = range.lowerBound * classes * type.size
      targets.withUnsafeBufferPointer { targets in
        guard let targets = targets.baseAddress, let losses = losses.baseAddress else { return }
        ensue_cross_entropy(
          type.kernel, logits.pointer + offset, targets + range.lowerBound, labelSmoothing, scale,
          gradient.freshPointer + offset, losses + range.lowerBound, range.count, classes)
      }
    }
  }
  return losses
}

extension Tensor {
  /// The tensor times a number; itself where that is 1, as the gradient of a loss mostly is.
  func times(_ factor: Double) -> Tensor { factor == 1 ? self : scaled(by: factor) }
}

/// The mean of (prediction - target)² over all elements.
public func meanSquaredError(_ prediction: Tensor, _ target: Tensor) -> Tensor {
  precondition(
    prediction.shape == target.shape, "meanSquaredError: shapes \(prediction.shape) and \(target.shape) differ")
  return square(prediction - target).mean()
}
