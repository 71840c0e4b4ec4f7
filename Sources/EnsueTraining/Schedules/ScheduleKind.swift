// The schedules by name.

/// How the learning rate changes while a model is trained.
public enum ScheduleKind: String, Codable, CaseIterable, Sendable {
  case constant
  case noam
  case linearWarmUp = "linear-warm-up"
  case exponentialWarmUp = "exponential-warm-up"
  case untunedExponential = "untuned-exponential"
  case untunedLinear = "untuned-linear"
  case cosine
  case inverseSquareRoot = "inverse-square-root"
  case step
  case linearDecay = "linear-decay"
  case reduceOnPlateau = "reduce-on-plateau"
  case epochDecay = "epoch-decay"

  public var summary: String {
    switch self {
    case .constant: "the learning rate as it is"
    case .noam: "d^-0.5 · min(t^-0.5, t · w^-1.5) (Vaswani et al. 2017)"
    case .linearWarmUp: "min(1, t / w)"
    case .exponentialWarmUp: "1 - exp(-t / w)"
    case .untunedExponential: "1 - exp(-(1 - β₂) t) (Ma and Yarats 2021)"
    case .untunedLinear: "min(1, (1 - β₂) t / 2) (Ma and Yarats 2021)"
    case .cosine: "half a wave of the cosine (Loshchilov and Hutter 2017)"
    case .inverseSquareRoot: "a line up, then with the inverse root of the steps"
    case .step: "multiplied by a factor after every so many steps"
    case .linearDecay: "a line down"
    case .reduceOnPlateau: "multiplied by a factor when validation stops improving"
    case .epochDecay: "multiplied by a factor after every epoch but the first ones (Zaremba et al. 2014)"
    }
  }

  /// Whether the steps of its warm-up can be chosen.
  public var takesWarmUp: Bool {
    switch self {
    case .constant, .untunedExponential, .untunedLinear: false
    case .noam, .linearWarmUp, .exponentialWarmUp, .cosine, .inverseSquareRoot, .step, .linearDecay, .reduceOnPlateau,
      .epochDecay:
      true
    }
  }

  /// Whether the warm-up that it may have can be of another shape than a line.
  public var takesWarmUpShape: Bool {
    switch self {
    case .cosine, .inverseSquareRoot, .step, .linearDecay, .reduceOnPlateau, .epochDecay: true
    case .constant, .noam, .linearWarmUp, .exponentialWarmUp, .untunedExponential, .untunedLinear: false
    }
  }

  /// Whether the steps of its decay can be chosen.
  public var takesDecay: Bool {
    switch self {
    case .cosine, .step, .linearDecay: true
    case .constant, .noam, .linearWarmUp, .exponentialWarmUp, .untunedExponential, .untunedLinear, .inverseSquareRoot,
      .reduceOnPlateau, .epochDecay:
      false
    }
  }

  /// Whether it ends at a share of the learning rate that can be chosen.
  public var takesMinimum: Bool {
    switch self {
    case .cosine, .inverseSquareRoot, .step, .linearDecay, .reduceOnPlateau, .epochDecay: true
    case .constant, .noam, .linearWarmUp, .exponentialWarmUp, .untunedExponential, .untunedLinear: false
    }
  }

  /// Whether what it multiplies with can be chosen.
  public var takesRatio: Bool {
    switch self {
    case .step, .reduceOnPlateau, .epochDecay: true
    case .constant, .noam, .linearWarmUp, .exponentialWarmUp, .untunedExponential, .untunedLinear, .cosine,
      .inverseSquareRoot, .linearDecay:
      false
    }
  }
}
