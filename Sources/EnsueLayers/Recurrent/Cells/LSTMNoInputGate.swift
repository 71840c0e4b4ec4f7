// The variant NIG of the peephole LSTM (Greff, Srivastava, Koutník, Steunebrink and Schmidhuber, LSTM: A search space
// odyssey, 2017): everything is let in: i = 1. Every candidate enters the cell whole.

extension RecurrentCellCard {
  public static let lstmNoInputGate = RecurrentCellCard(
    title: "LSTM NIG", summary: "everything is let in: i = 1", paper: "Greff and others 2017")
}

extension RecurrentCellFormulas {
  /// c' = f ⊙ c + g.
  /// - Parameters:
  ///   - forgetBias: what the forget gate's bias starts at.
  ///   - peepholes: whether the gates see the memory cell, as in the paper.
  public static func lstmNoInputGate(forgetBias: Double = 1, peepholes: Bool = true) -> String {
    """
    state h, c
    f  = σ(W_f x + U_f h\(peepholes ? " + p_f ⊙ c" : "") + b_f)        b_f starts at \(number(forgetBias))
    g  = tanh(W_g x + U_g h + b_g)
    c' = f ⊙ c + g
    o  = σ(W_o x + U_o h\(peepholes ? " + p_o ⊙ c'" : "") + b_o)
    h' = o ⊙ tanh(c')
    output h'
    """
  }
}
