// What one layout makes of one cell: the order of its gates and its biases. All layouts are the same three blocks
// arranged differently, so this table is all that tells them apart beside names and axes.

import EnsueFiles

/// How a layout holds a cell.
struct RecurrentWeightForm {
  let kind: RecurrentCellKind
  /// In the layout's order, by this library's names: `i` is `W_i`, `U_i`, `b_i`.
  let gates: [String]
  /// The number of biases of a gate: one of the input's product and one of the state's, or one for both.
  let biasCount: Int
  /// What the other library adds to the forget gate when it runs.
  let forgetBias: Double

  /// The gate whose state product has a bias that cannot be joined with the other, because a gate lies between them.
  var separateGate: String? { RecurrentWeightFamily(kind) == .gruResetAfter ? "h" : nil }

  /// The library's name of the layer, where names have it.
  var layerName: String {
    switch RecurrentWeightFamily(kind) {
    case .lstm: "lstm"
    case .gru, .gruResetAfter: "gru"
    case .simple, nil: "simple_rnn"
    }
  }
}

extension RecurrentWeightLayoutKind {
  /// How the layout holds a cell of this kind.
  /// - Throws: `Failure` of kind `usage` with the reason when it cannot.
  func form(of kind: RecurrentCellKind, _ options: RecurrentWeightOptions) throws(Failure) -> RecurrentWeightForm {
    func form(_ gates: [String], biases: Int, forgetBias: Double = 0) -> RecurrentWeightForm {
      RecurrentWeightForm(kind: kind, gates: gates, biasCount: biases, forgetBias: forgetBias)
    }
    switch (self, RecurrentWeightFamily(kind)) {
    case (.pytorch, .lstm): return form(["i", "f", "g", "o"], biases: 2)
    case (.pytorch, .gruResetAfter): return form(["r", "z", "h"], biases: 2)
    case (.pytorch, .simple): return form(["h"], biases: 2)
    case (.pytorch, .gru):
      throw refused(
        kind, "its reset gate acts before the product with the state, PyTorch's nn.GRU after it",
        "No weights make the two equal; gru-reset-after is PyTorch's.")
    case (.keras, .lstm): return form(["i", "f", "g", "o"], biases: 1)
    case (.keras, .gru): return form(["z", "r", "h"], biases: 1)
    case (.keras, .gruResetAfter): return form(["z", "r", "h"], biases: 2)
    case (.keras, .simple): return form(["h"], biases: 1)
    case (.tensorflow, .lstm):
      guard options.hasBias else {
        throw refused(kind, "a BasicLSTMCell always has a bias", "Leave out that it has none.")
      }
      return form(["i", "g", "f", "o"], biases: 1, forgetBias: options.forgetBias)
    case (.tensorflow, .gru), (.tensorflow, .gruResetAfter), (.tensorflow, .simple):
      throw refused(kind, "a BasicLSTMCell is an LSTM", "Only lstm can be given to it.")
    case (_, nil):
      throw refused(kind, "\(title) has no such cell", "Documentation/Weights.md lists those it has.")
    }
  }

  func refused(_ kind: RecurrentCellKind, _ reason: String, _ advice: String) -> Failure {
    Failure(
      .usage, at: "weights",
      "a cell that \(title) can hold expected, found \(kind.rawValue): \(reason)", advice: advice)
  }
}
