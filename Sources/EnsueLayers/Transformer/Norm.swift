// The normalisation of a block, of either kind.

import EnsueTensor

/// A norm as `NormKind` names it.
public enum Norm: Module {
  case layer(LayerNorm)
  case rms(RMSNorm)

  /// The identity's scale and shift.
  public init(_ kind: NormKind, featureCount: Int, epsilon: Double = 1e-5) {
    switch kind {
    case .layer: self = .layer(LayerNorm(featureCount: featureCount, epsilon: epsilon))
    case .rms: self = .rms(RMSNorm(featureCount: featureCount, epsilon: epsilon))
    }
  }

  /// The norm's parameters under its own name: `scale`, and `shift` where there is one.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    switch self {
    case .layer(var norm):
      norm.visit(&visitor)
      self = .layer(norm)
    case .rms(var norm):
      norm.visit(&visitor)
      self = .rms(norm)
    }
  }

  /// [rows, features] → [rows, features]
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .layer(let norm): norm(x)
    case .rms(let norm): norm(x)
    }
  }

  /// Of x + y.
  public func callAsFunction(sumOf x: Tensor, _ y: Tensor) -> Tensor {
    switch self {
    case .layer(let norm): norm(sumOf: x, y)
    case .rms(let norm): norm(sumOf: x, y)
    }
  }
}
