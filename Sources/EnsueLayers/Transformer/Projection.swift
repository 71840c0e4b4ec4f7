// A linear map whose bias may be absent, as the maps of a Transformer are.

import EnsueTensor

/// y = x Wᵀ + b, or y = x Wᵀ.
public struct Projection: Module {
  /// [output, input]
  public var weight: Tensor { didSet { packed = nil } }
  /// [output]; nil for none.
  public var bias: Tensor?
  /// The weight as products read it, until it changes; nil where it is laid out at every product.
  private var packed: PackedMatrix?

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

  /// The same map with its weight laid out once, for many products without a change of weights and without gradients.
  public func prepared() -> Projection {
    var copy = self
    if packed == nil { copy.packed = PackedMatrix(weight.detached, transposed: true) }
    return copy
  }

  /// [rows, input] → [rows, output]
  public func callAsFunction(_ x: Tensor) -> Tensor {
    guard let packed, !x.isTracked else { return linear(x, weight: weight, bias: bias) }
    return packed.multiplied(byRowsOf: x, bias: bias?.detached)
  }
}
