// y = x Wᵀ + b

import EnsueTensor

/// A linear layer: y = x Wᵀ + b.
public struct Linear: Module {
  /// [output, input]
  public var weight: Tensor
  /// [output]
  public var bias: Tensor

  public init(inputSize: Int, outputSize: Int, initializer: InitializerKind = .uniform, key: RandomKey) {
    weight = initializer.matrix(output: outputSize, input: inputSize, key: key.derived("weight"))
    bias = .zeros([outputSize])
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }

  /// [rows, input] → [rows, output]
  public func callAsFunction(_ x: Tensor) -> Tensor { linear(x, weight: weight, bias: bias) }
}
