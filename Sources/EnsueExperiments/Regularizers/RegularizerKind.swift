// The regularisers by name.

import EnsueLayers

/// A way to regularise a recurrent network.
public enum RegularizerKind: String, Codable, CaseIterable, Sendable {
  case none
  case dropout
  case variationalDropout = "variational-dropout"
  case zoneout
  case normStabilizer = "norm-stabilizer"
  case layerNorm = "layer-norm"
  case gradientPropagation = "gradient-propagation"

  public var title: String {
    switch self {
    case .none: "none"
    case .dropout: "dropout"
    case .variationalDropout: "variational dropout"
    case .zoneout: "zoneout"
    case .normStabilizer: "norm-stabilizer"
    case .layerNorm: "layer norm"
    case .gradientPropagation: "gradient propagation"
    }
  }

  /// What it does, and whose it is.
  public var summary: String {
    switch self {
    case .none: "nothing"
    case .dropout: "masks between layers and before the output, new at every step (Zaremba et al. 2014)"
    case .variationalDropout: "one mask a sequence, in the recurrence too (Gal and Ghahramani 2016)"
    case .zoneout: "units keep their value at random (Krueger et al. 2017)"
    case .normStabilizer: "β/T Σ (‖h_t‖ − ‖h_(t−1)‖)² (Krueger and Memisevic 2016)"
    case .layerNorm: "normalised sums in every gate (Ba et al. 2016)"
    case .gradientPropagation: "β Ω, gradients keep their norm (Pascanu et al. 2013)"
    }
  }
}
