// How a model without recurrence is told where a row stands.

/// What is added to a vector for its place in the sequence.
public enum PositionKind: String, Codable, CaseIterable, Sendable {
  /// Nothing: the order is lost.
  case none
  /// Sines and cosines of falling frequency (Vaswani et al. 2017).
  case sinusoidal
  /// A trained vector a place (Gehring et al. 2017).
  case learned
  /// Nothing is added: attention turns queries and keys (`RotaryPositions`; Su et al. 2021).
  case rotary

  public var summary: String {
    switch self {
    case .none: "nothing is added: the order of words is lost"
    case .sinusoidal: "sines and cosines of falling frequency (Vaswani et al. 2017)"
    case .learned: "a trained vector for each place, up to a longest sentence (Gehring et al. 2017)"
    case .rotary: "queries and keys turned by an angle that grows with the place (Su et al. 2021)"
    }
  }

  /// What a vector of `featureCount` is multiplied by before its position is added: √d where positions are sinusoids,
  /// whose numbers are of size 1 (Vaswani et al. 2017, section 3.4); 1 where they are learned.
  public func vectorScale(featureCount: Int) -> Double {
    switch self {
    case .none, .learned, .rotary: 1
    case .sinusoidal: Double(featureCount).squareRoot()
    }
  }
}
