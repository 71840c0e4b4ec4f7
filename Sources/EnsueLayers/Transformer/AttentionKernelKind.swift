// What a Transformer's self-attention weighs by, by name.

/// The similarity of queries and keys in multi-head attention.
public enum AttentionKernelKind: String, Codable, CaseIterable, Sendable {
  case softmax
  case performer

  public var summary: String {
    switch self {
    case .softmax: "exp(qᵀk / √d) of every pair of tokens"
    case .performer: "nearly the same by random features, in time linear in the length (Choromanski et al. 2021)"
    }
  }

  /// Whether there are weights of pairs: to look at, and to drop out.
  public var hasWeights: Bool {
    switch self {
    case .softmax: true
    case .performer: false
    }
  }
}
