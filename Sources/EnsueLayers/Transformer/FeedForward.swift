// The feed-forward sub-layer of a Transformer block (Vaswani et al. 2017; gated: Shazeer 2020).

import EnsueTensor

/// y = W_2 act(W_1 x + b_1) + b_2, or, gated, y = W_2 (act(W_1 x + b_1) ⊙ (V x + c)) + b_2; row by row.
public struct FeedForward: Module {
  /// W_1: [inner, width]
  public var inner: Projection
  /// V: [inner, width], whose values the activated ones are multiplied by; nil where the sub-layer is not gated.
  public var factor: Projection?
  /// W_2: [width, inner]
  public var outer: Projection
  public let activation: FeedForwardActivationKind
  private let dropout: Dropout

  /// - Parameter dropout: share of the inner values set to zero in training; PyTorch's place, not the paper's.
  public init(
    _ kind: FeedForwardKind = .plain, width: Int, innerSize: Int, activation: FeedForwardActivationKind = .relu,
    hasBias: Bool = true, dropout: Double = 0, initialization: TransformerInitialization = .init(), key: RandomKey
  ) {
    func projection(_ matrix: TransformerMatrixKind, _ output: Int, _ input: Int) -> Projection {
      Projection(
        weight: initialization.matrix(matrix, output: output, input: input, key: key.derived(matrix.rawValue)),
        hasBias: hasBias)
    }
    inner = projection(.inner, innerSize, width)
    switch kind {
    case .plain: factor = nil
    case .gated: factor = projection(.factor, innerSize, width)
    }
    outer = projection(.outer, width, innerSize)
    self.activation = activation
    self.dropout = Dropout(rate: dropout)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("inner", &inner)
    if var part = factor {
      visitor.module("factor", &part)
      factor = part
    }
    visitor.module("outer", &outer)
  }

  /// The same sub-layer with its weights laid out once (`Projection.prepared`).
  public func prepared(_ precision: WeightPrecisionKind = .full) -> FeedForward {
    var copy = self
    (copy.inner, copy.factor) = (inner.prepared(precision), factor?.prepared(precision))
    copy.outer = outer.prepared(precision)
    return copy
  }

  /// [rows, width] → [rows, width]
  public func callAsFunction(_ x: Tensor, _ phase: Phase = .inference) -> Tensor {
    let activated = inner(x, then: activation.function)
    return outer(dropout(factor.map { activated * $0(x) } ?? activated, phase))
  }
}
