// What is done about the first steps of training, by name.

import EnsueTraining

/// A way to begin training with Adam.
public enum WarmUpKind: String, Codable, CaseIterable, Sendable {
  case none
  case linear
  case exponential
  case untunedLinear = "untuned-linear"
  case untunedExponential = "untuned-exponential"
  case noam
  case radam

  public var title: String {
    switch self {
    case .none: "none"
    case .linear: "linear"
    case .exponential: "exponential"
    case .untunedLinear: "untuned linear"
    case .untunedExponential: "untuned exponential"
    case .noam: "Noam"
    case .radam: "RAdam"
    }
  }

  public var summary: String {
    switch self {
    case .none: "Adam with the whole learning rate from the first step on"
    case .linear: "min(1, t / w) (Goyal et al. 2017)"
    case .exponential: "1 − exp(−2 t / w)"
    case .untunedLinear: "min(1, (1 − β₂) t / 2) (Ma and Yarats 2021)"
    case .untunedExponential: "1 − exp(−(1 − β₂) t) (Ma and Yarats 2021)"
    case .noam: "min(t / w, √(w / t)): Vaswani et al. (2017) with the rate that gives it the same highest step"
    case .radam: "no warm-up; the variance of Adam's first steps rectified (Liu et al. 2019)"
    }
  }

  public var optimizer: OptimizerKind {
    switch self {
    case .none, .linear, .exponential, .untunedLinear, .untunedExponential, .noam: .adam
    case .radam: .radam
    }
  }

  /// The schedule, and what the learning rate is multiplied by so that its highest step is that rate.
  /// - Parameters:
  ///   - steps: w, of the warm-ups that take one.
  ///   - width: Noam's d.
  func schedule(steps: Int, width: Int) -> (configuration: ScheduleConfiguration, rateFactor: Double) {
    var schedule = ScheduleConfiguration()
    switch self {
    case .none, .radam: break
    case .linear: (schedule.kind, schedule.warmUpSteps) = (.linearWarmUp, steps)
    // Half the steps as time constant: the same sum of steps is held back as by the line.
    case .exponential: (schedule.kind, schedule.warmUpSteps) = (.exponentialWarmUp, max(1, steps / 2))
    case .untunedLinear: schedule.kind = .untunedLinear
    case .untunedExponential: schedule.kind = .untunedExponential
    case .noam:
      (schedule.kind, schedule.warmUpSteps, schedule.width) = (.noam, steps, width)
      return (schedule, Double(steps * width).squareRoot())
    }
    return (schedule, 1)
  }
}
