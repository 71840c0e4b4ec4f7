// A linear map whose bias may be absent, as the maps of a Transformer are.

import EnsueTensor

/// y = x Wᵀ + b, or y = x Wᵀ.
public struct Projection: Module {
  /// [output, input]
  public var weight: Tensor
  /// [output]; nil for none.
  public var bias: Tensor?

  /// - Parameter weight: [output, input]; the bias begins at zero.
  public init(weight: Tensor, hasBias: Bool) {
    self.weight = weight
    bias = hasBias ? .zeros([weight.shape[0]]) : nil
  }

  public var inputSize: Int { weight.shape[1] }
  public var outputSize: Int { weight.shape[0] }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
    if var vector = bias {
      visitor.parameter("bias", &vector)
      bias = vector
    }
  }

  /// [rows, input] → [rows, output]
  public func callAsFunction(_ x: Tensor) -> Tensor { linear(x, weight: weight, bias: bias) }
}
