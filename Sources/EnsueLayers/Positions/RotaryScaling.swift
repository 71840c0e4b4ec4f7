// Rotary positions of a model that was trained further on longer sequences: slower turns, so that the angles of far places
// are those that near ones had.

import EnsueFiles

/// What becomes of a frequency θ, whose wave is λ = 2π / θ places long.
public enum RotaryScaling: Sendable, Codable, Equatable {
  /// θ / f: all places are divided by f (Chen, Wong, Chen and Tian, Extending context window of large language models via
  /// positional interpolation, 2023).
  case linear(factor: Double)
  /// As Llama 3.1 has it (Grattafiori et al., The Llama 3 herd of models, 2024; the formula is that of Meta's program):
  /// with L the length of the first training, θ where λ < L / high, θ / f where λ > L / low, and between them
  /// (1 − s) θ / f + s θ, s = (L / λ − low) / (high − low).
  case llama3(factor: Double, low: Double, high: Double, length: Int)

  func scaled(_ frequency: Double) -> Double {
    switch self {
    case .linear(let factor): return frequency / factor
    case .llama3(let factor, let low, let high, let length):
      // L / λ
      let waves = Double(length) * frequency / (2 * Double.pi)
      let share = min(max((waves - low) / (high - low), 0), 1)
      return (1 - share) * frequency / factor + share * frequency
    }
  }

  /// - Parameter section: written before the names in messages.
  /// - Throws: `Failure` of kind `configuration` for numbers that make no scaling.
  func check(section: String) throws(Failure) {
    let (factor, isOrdered): (Double, Bool) =
      switch self {
      case .linear(let factor): (factor, true)
      case .llama3(let factor, let low, let high, let length): (factor, low > 0 && low < high && length > 0)
      }
    guard factor >= 1, factor.isFinite else {
      throw Failure(
        .configuration, at: "\(section)rotary.scaling", "a factor of 1 or more expected, found \(factor)")
    }
    guard isOrdered else {
      throw Failure(
        .configuration, at: "\(section)rotary.scaling",
        "numbers of waves above 0, the low one below the high one, expected, found others")
    }
  }
}
