// The optimisers by name.

/// How gradients change parameters.
public enum OptimizerKind: String, Codable, CaseIterable, Sendable {
  case sgd
  case momentum
  case nesterov
  case rmsprop
  case adagrad
  case adam
  case adamw
  case radam

  public var summary: String {
    switch self {
    case .sgd: "stochastic gradient descent"
    case .momentum: "gradient descent with momentum (Polyak 1964)"
    case .nesterov: "momentum with the gradient taken ahead (Nesterov 1983)"
    case .rmsprop: "gradients divided by their recent root mean square (Tieleman and Hinton 2012)"
    case .adagrad: "gradients divided by the root of the sum of their squares (Duchi et al. 2011)"
    case .adam: "Adam (Kingma and Ba 2015)"
    case .adamw: "Adam with decoupled weight decay (Loshchilov and Hutter 2019)"
    case .radam: "Adam with the variance of its first steps rectified (Liu et al. 2019)"
    }
  }

  /// Whether a number without a gradient stays as it is, and so do its moments: without weight decay nothing but the
  /// rows of a gradient need be looked at.
  var restsWithoutGradient: Bool {
    switch self {
    case .sgd, .adagrad: true
    case .momentum, .nesterov, .rmsprop, .adam, .adamw, .radam: false
    }
  }
}
