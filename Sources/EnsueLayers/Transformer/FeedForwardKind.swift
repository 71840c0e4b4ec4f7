// What stands between the two maps of a feed-forward sub-layer.

/// The form of a feed-forward sub-layer.
public enum FeedForwardKind: String, Codable, CaseIterable, Sendable {
  /// W_2 act(W_1 x) (Vaswani et al. 2017).
  case plain
  /// W_2 (act(W_1 x) ⊙ V x) (Shazeer, GLU variants improve Transformer, 2020): SwiGLU with `silu`, GEGLU with `gelu`,
  /// ReGLU with `relu`.
  case gated

  public var summary: String {
    switch self {
    case .plain: "one map, then its activation (Vaswani et al. 2017)"
    case .gated: "the activation times a second map: SwiGLU, GEGLU (Shazeer 2020)"
    }
  }
}
