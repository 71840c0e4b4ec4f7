// The activations a formula may choose between, for the parts that are not formulas.

import EnsueTensor

/// A function of each number.
public typealias ActivationKind = RecurrentCellFormulas.ActivationKind

extension RecurrentCellFormulas.ActivationKind {
  /// The function of each element of `x`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .sigmoid: EnsueTensor.sigmoid(x)
    case .tanh: EnsueTensor.tanh(x)
    case .relu: EnsueTensor.relu(x)
    case .softplus: EnsueTensor.softplus(x)
    }
  }
}
