// How the share of true symbols falls in training.

/// The course of scheduled sampling (Bengio, Vinyals, Jaitly and Shazeer, Scheduled sampling for sequence prediction with
/// recurrent neural networks, 2015): ε_i, the probability that training step i, counted from 0, reads the true symbol.
public enum SamplingDecayKind: String, Codable, CaseIterable, Sendable {
  case linear
  case exponential
  case inverseSigmoid = "inverse-sigmoid"

  public var summary: String {
    switch self {
    case .linear: "k - c i"
    case .exponential: "k^i, k below 1"
    case .inverseSigmoid: "k / (k + exp(i / k)), k of 1 or more"
    }
  }
}

/// Which of the model's own symbols takes a true one's place.
public enum SampledSymbolKind: String, Codable, CaseIterable, Sendable {
  case drawn
  case likeliest

  public var summary: String {
    switch self {
    case .drawn: "one drawn from the model's distribution"
    case .likeliest: "the likeliest"
    }
  }
}
