// The constants of an optimiser.

/// An optimiser and its constants; each kind reads those it has.
public struct OptimizerConfiguration: Sendable, Equatable {
  public var kind = OptimizerKind.adam
  /// The rate of a step is this times the factor of the schedule.
  public var learningRate = 1e-3
  /// The share of the last step that `momentum` and `nesterov` keep.
  public var momentum = 0.9
  /// RMSProp's α: the decay of its mean of squared gradients.
  public var squareDecay = 0.99
  /// RMSProp's momentum, of gradients that were divided; 0 for none (Graves 2013 has 0.9).
  public var normalizedMomentum = 0.0
  public var beta1 = 0.9
  public var beta2 = 0.999
  public var epsilon = 1e-8
  /// L2 in the gradient, or for AdamW apart from it.
  public var weightDecay = 0.0
  /// Whether weight decay also acts on parameters that are no matrices: biases, scales of normalisations, peepholes.
  public var decaysVectors = true

  public init() {}

  /// The names of the moments kept for every parameter, as checkpoints have them.
  var slotNames: [String] {
    switch kind {
    case .sgd: []
    case .momentum, .nesterov: ["velocity"]
    case .rmsprop: normalizedMomentum == 0 ? ["secondMoment"] : ["secondMoment", "velocity"]
    case .adagrad: ["squareSum"]
    case .adam, .adamw, .radam: ["firstMoment", "secondMoment"]
    }
  }
}
