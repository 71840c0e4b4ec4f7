// The two forms of local attention (Luong, Pham and Manning, Effective approaches to attention-based neural machine
// translation, 2015).

/// Where the place is that a query looks at.
public enum LocalAttentionKind: String, Codable, CaseIterable, Sendable {
  case monotonic
  case predictive

  public var summary: String {
    switch self {
    case .monotonic: "the step of the query"
    case .predictive: "a step predicted from the query: S σ(vᵀ tanh(W q)), S the number of keys"
    }
  }
}
