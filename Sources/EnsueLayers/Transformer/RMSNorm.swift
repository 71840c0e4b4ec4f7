// Root mean square normalisation (Zhang and Sennrich, Root mean square layer normalization, 2019).

import EnsueTensor

/// y = scale ⊙ x / √(mean of x² + ε), the mean over the features of each row (Zhang and Sennrich 2019).
public struct RMSNorm: Module {
  /// [features]
  public var scale: Tensor
  public let epsilon: Double

  /// Scale 1.
  public init(featureCount: Int, epsilon: Double = 1e-5) {
    (scale, self.epsilon) = (.ones([featureCount]), epsilon)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) { visitor.parameter("scale", &scale) }

  /// [rows, features] → [rows, features]
  public func callAsFunction(_ x: Tensor) -> Tensor { rmsNorm(x, scale: scale, epsilon: epsilon) }

  /// Of x + y.
  public func callAsFunction(sumOf x: Tensor, _ y: Tensor) -> Tensor {
    rmsNorm(sumOf: x, y, scale: scale, epsilon: epsilon)
  }
}
