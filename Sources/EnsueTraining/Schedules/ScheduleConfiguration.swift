// The constants of a schedule, and the schedule that they make.

import EnsueFiles

/// A schedule and its constants; each kind reads those it has.
public struct ScheduleConfiguration: Sendable, Equatable {
  public var kind = ScheduleKind.constant
  /// Steps of the warm-up. nil: 4000 for `noam` and `inverse-square-root`, 2 / (1 - β₂) and 1 / (1 - β₂) for the linear
  /// and the exponential warm-up, none before the others.
  public var warmUpSteps: Int?
  /// The same as a share of all steps of training, rounded up.
  public var warmUpShare: Double?
  /// Steps of `cosine` and `linear-decay`, nil to the end of training; steps between two falls of `step`, nil a third
  /// of training. The warm-up does not count.
  public var decaySteps: Int?
  /// What is left of the learning rate at least, as a share.
  public var minimumShare = 0.0
  /// What `step`, `reduce-on-plateau` and `epoch-decay` multiply with.
  public var ratio = 0.1
  /// Epochs that `epoch-decay` leaves at the whole rate.
  public var holdEpochs = 1
  /// Epochs without improvement after which `reduce-on-plateau` reduces.
  public var patience = 2
  /// Noam's d: the features of the model.
  public var width = 512

  public init() {}

  /// The steps of Vaswani et al.
  private static let usualWarmUp = 4000

  /// The schedule.
  /// - Parameters:
  ///   - totalSteps: of the training, at most.
  ///   - stepsPerEpoch: of a pass over the training data.
  ///   - beta2: of the optimiser, for the untuned warm-ups.
  ///   - higherIsBetter: of the number by which epochs are judged.
  /// - Throws: `Failure` of kind `configuration` for constants that the kind does not have, and where the warm-up leaves
  ///   no step to the decay.
  public func schedule(
    totalSteps: Int, stepsPerEpoch: Int = 1, beta2: Double, higherIsBetter: Bool = false
  ) throws -> RateSchedule {
    try check()
    if let share = warmUpShare {
      var resolved = self
      (resolved.warmUpShare, resolved.warmUpSteps) = (nil, max(1, Int((share * Double(totalSteps)).rounded(.up))))
      return try resolved.schedule(
        totalSteps: totalSteps, stepsPerEpoch: stepsPerEpoch, beta2: beta2, higherIsBetter: higherIsBetter)
    }
    let minimum = minimumShare
    switch kind {
    case .constant: return RateSchedule()
    case .noam: return RateSchedule(NoamSchedule(width: width, warmUpSteps: warmUpSteps ?? Self.usualWarmUp))
    case .linearWarmUp:
      return RateSchedule(warmUpSteps.map { LinearWarmUp(steps: Double($0)) } ?? .untuned(beta2: beta2))
    case .exponentialWarmUp:
      return RateSchedule(warmUpSteps.map { ExponentialWarmUp(steps: Double($0)) } ?? .untuned(beta2: beta2))
    case .untunedExponential: return RateSchedule(ExponentialWarmUp.untuned(beta2: beta2))
    case .untunedLinear: return RateSchedule(LinearWarmUp.untuned(beta2: beta2))
    case .cosine:
      return RateSchedule(afterWarmUp(CosineDecay(steps: try decay(of: totalSteps), minimum: minimum)))
    case .linearDecay:
      return RateSchedule(afterWarmUp(LinearDecay(steps: try decay(of: totalSteps), minimum: minimum)))
    case .step:
      let interval = try decaySteps ?? (decay(of: totalSteps) + 2) / 3
      return RateSchedule(afterWarmUp(StepDecay(interval: interval, ratio: ratio, minimum: minimum)))
    case .inverseSquareRoot:
      let start = warmUpSteps ?? Self.usualWarmUp
      let warmUp = LinearWarmUp(steps: Double(start))
      return RateSchedule(ProductSchedule(warmUp, InverseSquareRootDecay(start: start, minimum: minimum)))
    case .reduceOnPlateau:
      let plateau = PlateauReduction(
        higherIsBetter: higherIsBetter, patience: patience, ratio: ratio, minimum: minimum)
      return RateSchedule(afterWarmUp(ConstantSchedule()), plateau: plateau)
    case .epochDecay:
      return RateSchedule(
        EpochDecay(stepsPerEpoch: max(1, stepsPerEpoch), holdEpochs: holdEpochs, ratio: ratio, minimum: minimum))
    }
  }

  /// This without the constants that its kind does not have.
  public var restricted: ScheduleConfiguration {
    var copy = self
    if !kind.takesWarmUp { (copy.warmUpSteps, copy.warmUpShare) = (nil, nil) }
    if !kind.takesDecay { copy.decaySteps = nil }
    if !kind.takesMinimum { copy.minimumShare = 0 }
    return copy
  }

  /// A decay whose steps count from the end of a linear warm-up, where there is one.
  private func afterWarmUp(_ decay: some Schedule) -> any Schedule {
    guard let warmUpSteps else { return decay }
    return SequenceSchedule(LinearWarmUp(steps: Double(warmUpSteps)), steps: warmUpSteps, then: decay)
  }

  /// The steps of the decay: those asked for, or all after the warm-up.
  private func decay(of totalSteps: Int) throws -> Int {
    if let decaySteps { return decaySteps }
    let left = totalSteps - (warmUpSteps ?? 0)
    guard left > 0 else {
      throw Failure(
        .configuration, at: "schedule.warmUpSteps",
        "fewer steps than the \(totalSteps) of training expected, found \(warmUpSteps ?? 0)",
        advice: "No step would be left for \(kind.rawValue); choose a shorter warm-up, or name the --decay-steps.")
    }
    return left
  }

  /// A constant that would do nothing is a misunderstanding.
  private func check() throws {
    func refuse(_ name: String, _ value: String) -> Failure {
      Failure(
        .configuration, at: "schedule.\(name)", "none expected for the schedule \(kind.rawValue), found \(value)",
        advice: "Leave it out, or choose another --schedule.")
    }
    if let warmUpSteps, !kind.takesWarmUp { throw refuse("warmUpSteps", "\(warmUpSteps)") }
    if let warmUpShare, !kind.takesWarmUp { throw refuse("warmUpShare", "\(warmUpShare)") }
    if warmUpShare != nil, let warmUpSteps {
      throw Failure(
        .configuration, at: "schedule.warmUpSteps", "steps or a share of the warm-up expected, found both",
        advice: "Leave out --warmup-steps \(warmUpSteps) or --warmup-share.")
    }
    if let decaySteps, !kind.takesDecay { throw refuse("decaySteps", "\(decaySteps)") }
    if minimumShare > 0, !kind.takesMinimum { throw refuse("minimumShare", "\(minimumShare)") }
  }
}
