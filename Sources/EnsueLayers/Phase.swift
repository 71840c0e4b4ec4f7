// Whether a module is being trained or used. Taken only by parts that behave differently.

import EnsueTensor

/// Inference, or training with the random stream of the current step.
public enum Phase: Sendable {
  case inference
  case training(RandomKey)

  public var isTraining: Bool { if case .training = self { true } else { false } }

  /// The phase for a named part, whose random numbers differ from those of other parts.
  public func derived(_ name: String) -> Phase {
    switch self {
    case .inference: .inference
    case .training(let key): .training(key.derived(name))
    }
  }

  /// The phase for a numbered part.
  public func derived(_ number: Int) -> Phase {
    switch self {
    case .inference: .inference
    case .training(let key): .training(key.derived(number))
    }
  }
}

/// Dropout in training, nothing in inference (Srivastava et al. 2014): zero with probability `rate`, else
/// divided by 1 - rate.
public struct Dropout: Sendable {
  public let rate: Double

  public init(rate: Double) {
    precondition((0..<1).contains(rate), "a dropout rate lies in 0 ..< 1, not \(rate)")
    self.rate = rate
  }

  public func callAsFunction(_ x: Tensor, _ phase: Phase) -> Tensor {
    switch phase {
    case .inference: x
    case .training(let key): rate == 0 ? x : x.dropout(rate: rate, key: key)
    }
  }
}
