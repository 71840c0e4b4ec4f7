// The variant NFG of the peephole LSTM (Greff, Srivastava, Koutník, Steunebrink and Schmidhuber, LSTM: A search space
// odyssey, 2017): nothing is forgotten: f = 1. Unlike the LSTM of 1997 it has peepholes.

extension RecurrentCellCard {
  public static let lstmNoForgetGate = RecurrentCellCard(
    title: "LSTM NFG", summary: "nothing is forgotten: f = 1", paper: "Greff and others 2017")
}

extension RecurrentCellFormulas {
  /// c' = c + i ⊙ g.
  /// - Parameter peepholes: whether the gates see the memory cell, as in the paper.
  public static func lstmNoForgetGate(peepholes: Bool = true) -> String {
    """
    state h, c
    i  = σ(W_i x + U_i h\(peepholes ? " + p_i ⊙ c" : "") + b_i)
    g  = tanh(W_g x + U_g h + b_g)
    c' = c + i ⊙ g
    o  = σ(W_o x + U_o h\(peepholes ? " + p_o ⊙ c'" : "") + b_o)
    h' = o ⊙ tanh(c')
    output h'
    """
  }
}
