// How a recurrent decoder is told of the source.

/// What a recurrent decoder is given of the encoder's states.
public enum ContextKind: String, Codable, CaseIterable, Sendable {
  case initialState = "initial-state"
  case everyStep = "every-step"
  case jordan
  case bahdanau
  case luong

  public var summary: String {
    switch self {
    case .initialState: "the encoder's last states begin the decoder's (Sutskever et al. 2014)"
    case .everyStep: "one vector of the whole source, read at every step (Cho et al. 2014)"
    case .jordan: "one vector at every step, and the output fed back, in training the target (Jordan 1986)"
    case .bahdanau: "attention by the state before a step, read by the step (Bahdanau et al. 2015)"
    case .luong: "attention by the state after a step, joined with it (Luong et al. 2015)"
    }
  }

  /// Whether there is attention.
  public var isAttentive: Bool {
    switch self {
    case .initialState, .everyStep, .jordan: false
    case .bahdanau, .luong: true
    }
  }
}
