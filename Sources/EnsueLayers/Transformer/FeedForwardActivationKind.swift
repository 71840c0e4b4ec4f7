// The function between the two maps of a feed-forward sub-layer.

import EnsueTensor

/// The activation of a feed-forward sub-layer.
public enum FeedForwardActivationKind: String, Codable, CaseIterable, Sendable {
  /// max(0, x) (Vaswani et al. 2017).
  case relu
  /// x Φ(x), Φ the normal distribution function (Hendrycks and Gimpel 2016).
  case gelu
  /// x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))), as in GPT-2 (Radford et al. 2019).
  case geluTanh = "gelu-tanh"
  /// x σ(x) (Elfwing et al. 2018); in a gated sub-layer SwiGLU (Shazeer 2020).
  case silu

  public var summary: String {
    switch self {
    case .relu: "max(0, x)"
    case .gelu: "x Φ(x) (Hendrycks and Gimpel 2016)"
    case .geluTanh: "GELU by tanh, as in GPT-2 (Radford et al. 2019)"
    case .silu: "x σ(x) (Elfwing et al. 2018)"
    }
  }

  public var function: UnitFunction {
    switch self {
    case .relu: .relu
    case .gelu: .gelu
    case .geluTanh: .geluTanh
    case .silu: .silu
    }
  }
}
