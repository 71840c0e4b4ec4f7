// What the last layer of a recurrent decoder reads.

/// What scores are made of: h the decoder's output, c the context, e the vector of the symbol that was read.
public enum ReadoutKind: String, Codable, CaseIterable, Sendable {
  case state
  case joined
  case attentional
  case tanh
  case maxout

  public var summary: String {
    switch self {
    case .state: "h (Sutskever et al. 2014)"
    case .joined: "[c; h]"
    case .attentional: "tanh(W [c; h] + b) (Luong et al. 2015)"
    case .tanh: "tanh(W [h; e; c] + b) (deep output, Pascanu et al. 2014)"
    case .maxout: "the larger of each pair of W [h; e; c] + b (Bahdanau et al. 2015; Goodfellow et al. 2013)"
    }
  }
}
