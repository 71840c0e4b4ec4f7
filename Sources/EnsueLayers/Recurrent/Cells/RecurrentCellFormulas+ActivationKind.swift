// The functions a cell's author may choose between.

extension RecurrentCellFormulas {
  /// A function of each unit, where a cell leaves the choice open.
  public enum ActivationKind: String, Codable, CaseIterable, Sendable {
    case identity
    case sigmoid
    case tanh
    case relu
    case softplus

    /// What stands before the parenthesis in a formula; nothing for the identity.
    var symbol: String {
      switch self {
      case .identity: ""
      case .sigmoid: "σ"
      case .tanh, .relu, .softplus: rawValue
      }
    }
  }
}
