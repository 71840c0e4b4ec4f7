// When a decoder attends: before its step, or after.

/// Where the attention stands in a step of a recurrent decoder.
public enum AttentionOrder: String, Codable, CaseIterable, Sendable {
  /// The state of the step before asks; what is read joins the cell's input (Bahdanau, Cho and Bengio 2015).
  case before
  /// The new output asks; what is read joins the output (Luong, Pham and Manning 2015).
  case after
  /// As `after`, but what is read stands beside the output; no layer joins them.
  case beside

  public var summary: String {
    switch self {
    case .before:
      "c_t of the state h_{t-1} joins the input: h_t = cell([x_t; c_t], h_{t-1}) (Bahdanau et al. 2015)"
    case .after: "c_t of the output h_t joins it: tanh(W_c [c_t; h_t]) (Luong et al. 2015)"
    case .beside: "c_t of the output h_t stands beside it: [c_t; h_t]"
    }
  }
}
