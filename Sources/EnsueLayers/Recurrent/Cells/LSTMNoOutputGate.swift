// The variant NOG of the peephole LSTM (Greff, Srivastava, Koutník, Steunebrink and Schmidhuber, LSTM: A search space
// odyssey, 2017): all of the cell is shown: o = 1. The state is a function of the cell alone.

extension RecurrentCellCard {
  public static let lstmNoOutputGate = RecurrentCellCard(
    title: "LSTM NOG", summary: "all of the cell is shown: o = 1", paper: "Greff and others 2017")
}

extension RecurrentCellFormulas {
  /// h' = tanh(c').
  /// - Parameters:
  ///   - forgetBias: what the forget gate's bias starts at.
  ///   - peepholes: whether the gates see the memory cell, as in the paper.
  public static func lstmNoOutputGate(forgetBias: Double = 1, peepholes: Bool = true) -> String {
    """
    state h, c
    i  = σ(W_i x + U_i h\(peepholes ? " + p_i ⊙ c" : "") + b_i)
    f  = σ(W_f x + U_f h\(peepholes ? " + p_f ⊙ c" : "") + b_f)        b_f starts at \(number(forgetBias))
    g  = tanh(W_g x + U_g h + b_g)
    c' = f ⊙ c + i ⊙ g
    h' = tanh(c')
    output h'
    """
  }
}
