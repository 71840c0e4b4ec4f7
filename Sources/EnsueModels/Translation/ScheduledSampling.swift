// Training on the model's own symbols, more and more (Bengio et al. 2015).

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// When a model in training reads the true symbol, and when one of its own.
public struct ScheduledSampling: Sendable, Codable, Equatable {
  public var decay = SamplingDecayKind.inverseSigmoid
  /// k: the share at the first step where linear; the base where exponential; where inverse-sigmoid, about k ln k steps
  /// pass before half of the symbols are the model's.
  public var constant = 1000.0
  /// c, of linear decay: what the share falls by at a step.
  public var slope = 1e-5
  /// The share never falls below this.
  public var least = 0.0
  public var symbols = SampledSymbolKind.drawn

  public init() {}

  /// ε: the probability that a step of training reads the true symbol.
  /// - Parameter step: of the optimiser, counted from 0.
  public func trueShare(step: Int) -> Double {
    let i = Double(step)
    let share =
      switch decay {
      case .linear: constant - slope * i
      case .exponential: pow(constant, i)
      case .inverseSigmoid: constant / (constant + exp(i / constant))
      }
    return min(1, max(least, share))
  }

  /// Refuses numbers that make no schedule.
  /// - Parameter section: written before the names in messages, such as `training.`.
  /// - Throws: `Failure` of kind `configuration`.
  public func check(section: String = "") throws(Failure) {
    let (isRight, expected) =
      switch decay {
      case .linear: (constant > 0 && constant <= 1, "above 0, at most 1")
      case .exponential: (constant > 0 && constant < 1, "between 0 and 1")
      case .inverseSigmoid: (constant >= 1 && constant.isFinite, "of 1 or more")
      }
    guard isRight else {
      throw Failure(
        .configuration, at: "\(section)constant",
        "a number \(expected) expected for \(decay.rawValue), found \(constant)")
    }
    guard slope >= 0, slope.isFinite else {
      throw Failure(.configuration, at: "\(section)slope", "a number of 0 or more expected, found \(slope)")
    }
    guard (0...1).contains(least) else {
      throw Failure(.configuration, at: "\(section)least", "a share from 0 to 1 expected, found \(least)")
    }
  }
}
