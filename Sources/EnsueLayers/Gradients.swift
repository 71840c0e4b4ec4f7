// The derivative of a loss with respect to the parameters of a module.

import EnsueTensor

/// Gradients by parameter name, in the module's order.
public struct Gradients: Sendable {
  public let names: [String]
  private var gradients: [Gradient]
  private let indexOfName: [String: Int]

  init(_ entries: [(name: String, gradient: Gradient)]) {
    names = entries.map(\.name)
    gradients = entries.map(\.gradient)
    indexOfName = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The gradient of a parameter; nil when the loss does not depend on it.
  public subscript(name: String) -> Gradient? { indexOfName[name].map { gradients[$0] } }

  /// √(Σ g²) over all gradients, in double precision and in the module's order.
  public var globalNorm: Double { gradients.reduce(0) { $0 + $1.values.sumOfSquares }.squareRoot() }

  /// Every finite number brought into -limit ... limit.
  public func clipped(toValue limit: Double) -> Gradients {
    var result = self
    result.gradients = gradients.map { $0.clipped(toValue: limit) }
    return result
  }

  /// The name of the gradient with the largest norm.
  public var largest: String? {
    zip(names, gradients).max { $0.1.values.sumOfSquares < $1.1.values.sumOfSquares }?.0
  }

  /// The name of the first gradient with a number that is not finite.
  public var firstNonFinite: String? { zip(names, gradients).first { !$0.1.values.isFinite }?.0 }

  /// The sum of two gradients of the same module, for gradient accumulation.
  /// - Parameter order: the module's parameters, which give the sum its order.
  public func adding(_ other: Gradients, scale: Double, order: [String]) -> Gradients {
    Gradients(
      order.compactMap { name in
        switch (self[name], other[name]?.scaled(by: scale)) {
        case (let mine?, let theirs?): (name, mine.adding(theirs))
        case (let only?, nil), (nil, let only?): (name, only)
        case (nil, nil): nil
        }
      })
  }

  /// The gradients times a number.
  public func scaled(by scale: Double) -> Gradients {
    var result = self
    result.gradients = gradients.map { $0.scaled(by: scale) }
    return result
  }
}

/// The value of a loss and its gradient with respect to every trained parameter of a module.
///
/// The closure receives a copy whose parameters are tracked; the original is untouched.
/// - Returns: what the closure returns (its first part is the loss, a tensor of one number) and the gradients.
public func valueAndGradient<Model: Module>(
  of model: Model, _ loss: (Model) throws -> Tensor
) rethrows -> (value: Tensor, gradients: Gradients) {
  var tracked = model
  var leaves: [(name: String, tensor: Tensor)] = []
  tracked.forEachParameter { name, tensor, training in
    if training != .none {
      tensor = tensor.asLeaf
      leaves.append((name, tensor))
    }
  }
  let value = try loss(tracked)
  let found = value.gradients(of: leaves.map(\.tensor))
  let entries = zip(leaves, found).compactMap { leaf, gradient in gradient.map { (name: leaf.name, gradient: $0) } }
  return (value.detached, Gradients(entries))
}
