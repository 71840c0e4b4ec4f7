// The constants of a schedule, and the schedule that they make.

import EnsueFiles

/// A schedule and its constants; each kind reads those it has.
public struct ScheduleConfiguration: Sendable, Equatable {
  public var kind = ScheduleKind.constant
  /// Steps of the warm-up. nil: 4000 for `noam` and for `inverse-square-root` without a `warmUp`, 2 / (1 - β₂) and
  /// 1 / (1 - β₂) for the linear and the exponential warm-up, none before the others.
  public var warmUpSteps: Int?
  /// The same as a share of all steps of training, rounded up.
  public var warmUpShare: Double?
  /// The shape of the warm-up before any decay. Where it is named and has no steps, they are those of the untuned
  /// warm-up; nil: a line where there are steps, else none.
  public var warmUp: WarmUpShapeKind?
  /// Steps of `cosine` and `linear-decay`, nil to the end of training; steps between two falls of `step`, nil a third
  /// of training. A linear warm-up does not count. (`epoch-decay` counts the epochs of the training, warm-up included.)
  public var decaySteps: Int?
  /// What is left of the learning rate at least, as a share.
  public var minimumShare = 0.0
  /// What `step`, `reduce-on-plateau` and `epoch-decay` multiply with.
  public var ratio = 0.1
  /// Epochs that `epoch-decay` leaves at the whole rate.
  public var holdEpochs = 1
  /// Epochs without improvement after which `reduce-on-plateau` reduces.
  public var patience = 2
  /// Noam's d: the features of the model. nil: those of the Transformer that is trained, 512 where there is none.
  public var width: Int?

  public init() {}

  /// The steps of Vaswani et al.
  private static let usualWarmUp = 4000
  /// Their features.
  private static let usualWidth = 512

  /// The schedule.
  /// - Parameters:
  ///   - totalSteps: of the training, at most.
  ///   - stepsPerEpoch: of a pass over the training data.
  ///   - beta2: of the optimiser, for the untuned warm-ups.
  ///   - modelWidth: features of the Transformer that is trained; nil for other models.
  ///   - higherIsBetter: of the number by which epochs are judged.
  /// - Throws: `Failure` of kind `configuration` where the warm-up has both steps and a share, or leaves no step to the
  ///   decay.
  public func schedule(
    totalSteps: Int, stepsPerEpoch: Int = 1, beta2: Double, modelWidth: Int? = nil, higherIsBetter: Bool = false
  ) throws -> RateSchedule {
    if warmUpShare != nil, let warmUpSteps {
      throw Failure(
        .configuration, at: "schedule.warmUpSteps", "steps or a share of the warm-up expected, found both",
        advice: "Leave out --warmup-steps \(warmUpSteps) or --warmup-share.")
    }
    let resolved = counted(totalSteps: totalSteps, beta2: beta2)
    guard resolved == self else {
      return try resolved.schedule(
        totalSteps: totalSteps, stepsPerEpoch: stepsPerEpoch, beta2: beta2, modelWidth: modelWidth,
        higherIsBetter: higherIsBetter)
    }
    let minimum = minimumShare
    switch kind {
    case .constant: return RateSchedule()
    case .noam:
      let width = width ?? modelWidth ?? Self.usualWidth
      return RateSchedule(NoamSchedule(width: width, warmUpSteps: warmUpSteps ?? Self.usualWarmUp))
    case .linearWarmUp:
      return RateSchedule(warmUpSteps.map { LinearWarmUp(steps: Double($0)) } ?? .untuned(beta2: beta2))
    case .exponentialWarmUp:
      return RateSchedule(warmUpSteps.map { ExponentialWarmUp(steps: Double($0)) } ?? .untuned(beta2: beta2))
    case .untunedExponential: return RateSchedule(ExponentialWarmUp.untuned(beta2: beta2))
    case .untunedLinear: return RateSchedule(LinearWarmUp.untuned(beta2: beta2))
    case .cosine:
      return RateSchedule(afterWarmUp(CosineDecay(steps: try decay(of: totalSteps), minimum: minimum), beta2))
    case .linearDecay:
      return RateSchedule(afterWarmUp(LinearDecay(steps: try decay(of: totalSteps), minimum: minimum), beta2))
    case .step:
      let interval = try decaySteps ?? (decay(of: totalSteps) + 2) / 3
      return RateSchedule(afterWarmUp(StepDecay(interval: interval, ratio: ratio, minimum: minimum), beta2))
    case .inverseSquareRoot:
      let start = warmUpSteps ?? max(1, Int(ExponentialWarmUp.untuned(beta2: beta2).steps.rounded()))
      return RateSchedule(uponWarmUp(InverseSquareRootDecay(start: start, minimum: minimum), beta2))
    case .reduceOnPlateau:
      let plateau = PlateauReduction(
        higherIsBetter: higherIsBetter, patience: patience, ratio: ratio, minimum: minimum)
      return RateSchedule(afterWarmUp(ConstantSchedule(), beta2), plateau: plateau)
    case .epochDecay:
      let decay = EpochDecay(
        stepsPerEpoch: max(1, stepsPerEpoch), holdEpochs: holdEpochs, ratio: ratio, minimum: minimum)
      return RateSchedule(uponWarmUp(decay, beta2))
    }
  }

  /// Whether the length of the warm-up follows from Adam's β₂.
  package var readsBeta2: Bool {
    let isUntuned = warmUpSteps == nil && warmUpShare == nil
    return switch kind {
    case .untunedExponential, .untunedLinear: true
    case .linearWarmUp, .exponentialWarmUp: isUntuned
    case .cosine, .inverseSquareRoot, .step, .linearDecay, .reduceOnPlateau, .epochDecay: warmUp != nil && isUntuned
    case .constant, .noam: false
    }
  }

  /// This with the steps of the warm-up before a decay as a number, where they are a share, follow from β₂ or are those
  /// usual for the schedule.
  private func counted(totalSteps: Int, beta2: Double) -> ScheduleConfiguration {
    var copy = self
    if let share = warmUpShare {
      (copy.warmUpShare, copy.warmUpSteps) = (nil, max(1, Int((share * Double(totalSteps)).rounded(.up))))
    } else if kind.takesWarmUpShape, warmUp == .linear, warmUpSteps == nil {
      copy.warmUpSteps = Int(LinearWarmUp.untuned(beta2: beta2).steps.rounded())
    } else if kind == .inverseSquareRoot, warmUp == nil, warmUpSteps == nil {
      copy.warmUpSteps = Self.usualWarmUp
    }
    return copy
  }

  /// A decay whose steps count from the end of a linear warm-up, where there is one, or that an exponential warm-up is
  /// multiplied upon.
  private func afterWarmUp(_ decay: some Schedule, _ beta2: Double) -> any Schedule {
    guard warmUp != .exponential, let warmUpSteps else { return uponWarmUp(decay, beta2) }
    return SequenceSchedule(LinearWarmUp(steps: Double(warmUpSteps)), steps: warmUpSteps, then: decay)
  }

  /// A decay that the warm-up, where there is one, is multiplied upon: its steps count from the first of all.
  private func uponWarmUp(_ decay: some Schedule, _ beta2: Double) -> any Schedule {
    switch warmUp {
    case .exponential:
      let rise: ExponentialWarmUp =
        warmUpSteps.map { ExponentialWarmUp(steps: Double($0)) } ?? .untuned(beta2: beta2)
      return ProductSchedule(rise, decay)
    case .linear, nil:
      guard let warmUpSteps else { return decay }
      return ProductSchedule(LinearWarmUp(steps: Double(warmUpSteps)), decay)
    }
  }

  /// The steps of the decay: those asked for, or all after a linear warm-up.
  private func decay(of totalSteps: Int) throws -> Int {
    if let decaySteps { return decaySteps }
    let before = warmUp == .exponential ? 0 : warmUpSteps ?? 0
    let left = totalSteps - before
    guard left > 0 else {
      throw Failure(
        .configuration, at: "schedule.warmUpSteps",
        "fewer steps than the \(totalSteps) of training expected, found \(before)",
        advice: "No step would be left for \(kind.rawValue); choose a shorter warm-up, or name the --decay-steps.")
    }
    return left
  }
}
