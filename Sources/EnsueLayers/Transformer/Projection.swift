// A linear map whose bias may be absent, as the maps of a Transformer are.

import EnsueTensor

/// y = x Wᵀ + b, or y = x Wᵀ; with an adapter, W and b are frozen and its part is added.
public struct Projection: Module {
  /// [output, input]
  public var weight: Tensor { didSet { packed = nil } }
  /// [output]; nil for none.
  public var bias: Tensor?
  /// A low-rank change of the weight; nil for none.
  public private(set) var adapter: LowRankAdapter? { didSet { packed = nil } }
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
    let training = adapter == nil ? ParameterTraining.all : .none
    visitor.parameter("weight", &weight, training: training)
    if var vector = bias {
      visitor.parameter("bias", &vector, training: training)
      bias = vector
    }
    if var part = adapter {
      visitor.module("adapter", &part)
      adapter = part
    }
  }

  /// Puts a new adapter beside the weight, in place of one that may be there. Nothing changes before it is trained.
  public mutating func addAdapter(rank: Int, alpha: Double, key: RandomKey) {
    adapter = LowRankAdapter(inputSize: inputSize, outputSize: outputSize, rank: rank, alpha: alpha, key: key)
  }

  /// Takes the adapter up into the weight.
  public mutating func mergeAdapter() {
    guard let adapter else { return }
    weight = weight.detached + adapter.product
    self.adapter = nil
  }

  /// The same map with its weight laid out once, for many products without a change of weights and without gradients.
  public func prepared() -> Projection {
    var copy = self
    copy.mergeAdapter()
    if copy.packed == nil { copy.packed = PackedMatrix(copy.weight.detached, transposed: true) }
    return copy
  }

  /// [rows, input] → [rows, output]
  public func callAsFunction(_ x: Tensor) -> Tensor {
    if let packed, !x.isTracked { return packed.multiplied(byRowsOf: x, bias: bias?.detached) }
    let mapped = linear(x, weight: weight, bias: bias)
    return adapter.map { mapped + $0(x) } ?? mapped
  }

  /// A function of the map's values, number by number: the bits of `function(self(x))`.
  public func callAsFunction(_ x: Tensor, then function: UnitFunction) -> Tensor {
    if let packed, !x.isTracked { return packed.multiplied(byRowsOf: x, bias: bias?.detached, then: function) }
    return adapter == nil ? linear(x, weight: weight, bias: bias, then: function) : function(self(x))
  }
}
