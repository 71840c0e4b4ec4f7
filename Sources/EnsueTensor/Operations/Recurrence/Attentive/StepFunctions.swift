// The functions that the fused loop of a decoder has kernels for, and when its attention comes.

/// How well a query fits a prepared key.
package struct StepScore: Sendable {
  package enum Function: Sendable {
    /// scale · q·k
    case dot(scale: Double)
    /// v · tanh(q + k); v has as many numbers as keys have.
    case additive(vector: Tensor)
  }
  package let function: Function
  /// W of W q + b, [features, query width]; nil where the query meets the keys as it is.
  package let queryWeight: Tensor?
  /// b, [features]; nil for none.
  package let queryBias: Tensor?

  package init(_ function: Function, queryWeight: Tensor? = nil, queryBias: Tensor? = nil) {
    (self.function, self.queryWeight, self.queryBias) = (function, queryWeight, queryBias)
  }

  var vector: Tensor? { if case .additive(let vector) = function { vector } else { nil } }
}

/// From the scores of a query to its weights.
package enum StepDistribution: Sendable {
  /// 1 is softmax, 2 sparsemax.
  case entmax(alpha: Double)
  case sigmoid
}

/// When the attention of a step comes.
package enum StepOrder: Sendable {
  /// The top layer's state of this number asks before the step; what it reads joins the first layer's input.
  case before(state: Int)
  /// The new output asks; tanh(W [c; h]) is the step's output, and joins the first layer's next input.
  /// - combination: W, [H, value width + H]
  /// - fed: what joins the first step's input, [batch, H].
  case after(combination: Tensor, fed: Tensor)
}
