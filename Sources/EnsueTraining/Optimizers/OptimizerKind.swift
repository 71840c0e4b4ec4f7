// The optimisers by name.

/// How gradients change parameters.
public enum OptimizerKind: String, Codable, CaseIterable, Sendable {
  case sgd
  case momentum
  case adam
  case adamw

  public var summary: String {
    switch self {
    case .sgd: "stochastic gradient descent"
    case .momentum: "gradient descent with momentum (Polyak 1964)"
    case .adam: "Adam (Kingma and Ba 2015)"
    case .adamw: "Adam with decoupled weight decay (Loshchilov and Hutter 2019)"
    }
  }

  /// The names of the moments kept for every parameter.
  var slotNames: [String] {
    switch self {
    case .sgd: []
    case .momentum: ["velocity"]
    case .adam, .adamw: ["firstMoment", "secondMoment"]
    }
  }
}

/// The constants of an optimiser.
public struct OptimizerConfiguration: Sendable, Equatable {
  public var kind = OptimizerKind.adam
  public var learningRate = 1e-3
  public var momentum = 0.9
  public var beta1 = 0.9
  public var beta2 = 0.999
  public var epsilon = 1e-8
  /// L2 in the gradient, or for AdamW apart from it.
  public var weightDecay = 0.0

  public init() {}
}
