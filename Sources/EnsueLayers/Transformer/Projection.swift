// A linear map whose bias may be absent, as the maps of a Transformer are.

import EnsueTensor

/// y = x Wᵀ + b, or y = x Wᵀ; with an adapter, W and b are frozen and its part is added.
public struct Projection: Module {
  private var matrix: WeightMatrix
  /// [output]; nil for none.
  public var bias: Tensor?
  /// A low-rank change of the weight; nil for none.
  public private(set) var adapter: LowRankAdapter?

  /// - Parameter weight: [output, input]; the bias begins at zero.
  public init(weight: Tensor, hasBias: Bool) {
    matrix = .tensor(weight)
    bias = hasBias ? .zeros([weight.shape[0]]) : nil
  }

  /// [output, input]; a copy where the map is prepared.
  public var weight: Tensor {
    get { matrix.tensor }
    set { matrix = .tensor(newValue) }
  }
  public var inputSize: Int { matrix.columnCount }
  public var outputSize: Int { matrix.rowCount }
  var elementType: ElementType { matrix.elementType }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    let training = adapter == nil ? ParameterTraining.all : .none
    matrix.visit(&visitor, "weight", training: training)
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

  /// The same map with its weight laid out once, for many products without a change of weights and without gradients;
  /// one that is laid out stays as it is.
  public func prepared(_ precision: WeightPrecisionKind = .full) -> Projection {
    var copy = self
    copy.mergeAdapter()
    copy.matrix = copy.matrix.packed(precision)
    return copy
  }

  /// A map without a bias to so many outputs in this one's form, whose numbers are to come from elsewhere.
  package func awaiting(outputSize: Int) -> Projection {
    var copy = self
    copy.matrix = matrix.awaiting(rowCount: outputSize)
    return copy
  }

  /// [rows, input] → [rows, output]
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let mapped = matrix(x, bias: bias)
    return adapter.map { mapped + $0(x) } ?? mapped
  }

  /// A function of the map's values, number by number: the bits of `function(self(x))`.
  public func callAsFunction(_ x: Tensor, then function: UnitFunction) -> Tensor {
    adapter == nil ? matrix(x, bias: bias, then: function) : function(self(x))
  }
}
