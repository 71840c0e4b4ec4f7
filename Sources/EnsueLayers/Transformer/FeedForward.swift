// The feed-forward sub-layer of a Transformer block (Vaswani et al. 2017).

import EnsueTensor

/// y = W_2 act(W_1 x + b_1) + b_2, row by row.
public struct FeedForward: Module {
  /// W_1: [inner, width]
  public var inner: Projection
  /// W_2: [width, inner]
  public var outer: Projection
  public let activation: FeedForwardActivationKind
  private let dropout: Dropout

  /// - Parameter dropout: share of the inner values set to zero in training; PyTorch's place, not the paper's.
  public init(
    width: Int, innerSize: Int, activation: FeedForwardActivationKind = .relu, hasBias: Bool = true,
    dropout: Double = 0, initialization: TransformerInitialization = .init(), key: RandomKey
  ) {
    inner = Projection(
      weight: initialization.matrix(.inner, output: innerSize, input: width, key: key.derived("inner")),
      hasBias: hasBias)
    outer = Projection(
      weight: initialization.matrix(.outer, output: width, input: innerSize, key: key.derived("outer")),
      hasBias: hasBias)
    self.activation = activation
    self.dropout = Dropout(rate: dropout)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("inner", &inner)
    visitor.module("outer", &outer)
  }

  /// [rows, width] → [rows, width]
  public func callAsFunction(_ x: Tensor, _ phase: Phase = .inference) -> Tensor {
    outer(dropout(activation(inner(x)), phase))
  }
}
