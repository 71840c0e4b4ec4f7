// How a decoder's states begin.

/// What the states of a recurrent decoder are before its first step, s the encoder's state of the same name at the end
/// of the same layer, both directions joined.
public enum BridgeKind: String, Codable, CaseIterable, Sendable {
  case states
  case output
  case tanh
  case zeros

  public var summary: String {
    switch self {
    case .states: "s, where the sizes agree (Sutskever et al. 2014)"
    case .output: "s of the output's state, where the sizes agree; 0 for memory cells"
    case .tanh: "tanh(W s + b) (Bahdanau et al. 2015)"
    case .zeros: "0"
    }
  }
}
