// The constants of an optimiser.

import EnsueFiles

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

  /// A constant that would do nothing is a misunderstanding.
  /// - Parameter schedule: an untuned warm-up reads β₂, whatever the optimiser.
  /// - Throws: `Failure` of kind `configuration` for a constant that was changed although the kind does not have it.
  package func check(with schedule: ScheduleConfiguration) throws(Failure) {
    let usual = OptimizerConfiguration()
    let isAdam = [.adam, .adamw, .radam].contains(kind)
    let isRootMeanSquare = kind == .rmsprop
    func refuse(
      _ name: String, _ leaf: KeyPath<OptimizerConfiguration, Double>, unless isRead: Bool
    ) throws(Failure) {
      guard !isRead, self[keyPath: leaf] != usual[keyPath: leaf] else { return }
      throw Failure(
        .configuration, at: "optimizer.\(name)",
        "none expected for the optimiser \(kind.rawValue), found \(self[keyPath: leaf])",
        advice: "Leave it out, or choose another --optimizer.")
    }
    try refuse("momentum", \.momentum, unless: kind == .momentum || kind == .nesterov)
    try refuse("squareDecay", \.squareDecay, unless: isRootMeanSquare)
    try refuse("normalizedMomentum", \.normalizedMomentum, unless: isRootMeanSquare)
    try refuse("beta1", \.beta1, unless: isAdam)
    try refuse("beta2", \.beta2, unless: isAdam || schedule.readsBeta2)
    try refuse("epsilon", \.epsilon, unless: isAdam || isRootMeanSquare || kind == .adagrad)
  }

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
