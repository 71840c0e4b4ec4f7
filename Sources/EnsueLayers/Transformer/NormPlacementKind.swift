// Where the layer norms of a Transformer block stand.

/// Where a sub-layer's layer norm stands; f is the sub-layer, x what it reads.
public enum NormPlacementKind: String, Codable, CaseIterable, Sendable {
  /// norm(x + f(x)) (Vaswani et al. 2017).
  case post
  /// x + f(norm(x)) (Xiong et al. 2020).
  case pre
  /// x + f(x): no norm anywhere, for T-Fixup (Huang et al. 2020).
  case none

  public var summary: String {
    switch self {
    case .post: "after the sum with what a sub-layer reads (Vaswani et al. 2017)"
    case .pre: "before each sub-layer (Xiong et al. 2020)"
    case .none: "no layer norm; T-Fixup's first weights (Huang et al. 2020)"
    }
  }

  /// The first weights of such blocks where nothing else is asked for: T-Fixup's without norms, `usual` with them.
  public func initializer(usual: TransformerInitializerKind) -> TransformerInitializerKind {
    switch self {
    case .post, .pre: usual
    case .none: .tFixup
    }
  }
}
