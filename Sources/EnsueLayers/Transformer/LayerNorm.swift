// Layer normalisation (Ba, Kiros and Hinton, Layer normalization, 2016).

import EnsueTensor

/// y = scale ⊙ (x − mean) / √(variance + ε) + shift, mean and variance over the features of each row
/// (Ba et al. 2016).
public struct LayerNorm: Module {
  /// [features]
  public var scale: Tensor
  /// [features]
  public var shift: Tensor
  public let epsilon: Double

  /// Scale 1, shift 0.
  public init(featureCount: Int, epsilon: Double = 1e-5) {
    (scale, shift, self.epsilon) = (.ones([featureCount]), .zeros([featureCount]), epsilon)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("scale", &scale)
    visitor.parameter("shift", &shift)
  }

  /// [rows, features] → [rows, features]
  public func callAsFunction(_ x: Tensor) -> Tensor { layerNorm(x, scale: scale, shift: shift, epsilon: epsilon) }

  /// Of x + y.
  public func callAsFunction(sumOf x: Tensor, _ y: Tensor) -> Tensor {
    layerNorm(sumOf: x, y, scale: scale, shift: shift, epsilon: epsilon)
  }
}
