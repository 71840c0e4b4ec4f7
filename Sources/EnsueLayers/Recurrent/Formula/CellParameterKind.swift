// The four kinds of learned weights in a cell's equations. The name says the kind.

/// What a learned weight of a cell does.
public enum CellParameterKind: String, Codable, CaseIterable, Sendable {
  /// `W_i x`: a matrix on the input. [hidden, input]
  case inputMap
  /// `U_i h`: a matrix on a state or a value. [hidden, hidden]
  case stateMap
  /// `p_i ⊙ c`: a vector that multiplies unit by unit, a diagonal matrix. [hidden]
  case diagonal
  /// `b_i`: a vector that is added. [hidden]
  case bias

  /// The beginning of the names of this kind.
  public var prefix: String {
    switch self {
    case .inputMap: "W_"
    case .stateMap: "U_"
    case .diagonal: "p_"
    case .bias: "b_"
    }
  }

  public var isMap: Bool {
    switch self {
    case .inputMap, .stateMap: true
    case .diagonal, .bias: false
    }
  }

  /// For messages.
  var phrase: String {
    switch self {
    case .inputMap: "a map of the input"
    case .stateMap: "a map of a state"
    case .diagonal: "a vector that multiplies"
    case .bias: "a bias"
    }
  }

  /// The kind that a name's beginning says; nil when it says none.
  public init?(nameOf name: String) {
    guard let kind = CellParameterKind.allCases.first(where: { name.hasScalarPrefix($0.prefix) }) else { return nil }
    self = kind
  }
}
