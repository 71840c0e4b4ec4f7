// The variant CIFG of the peephole LSTM (Greff, Srivastava, Koutník, Steunebrink and Schmidhuber, LSTM: A search space
// odyssey, 2017): one gate trades forgetting for input: f = 1 − i.
// As in the GRU, what is let in displaces what was there.

extension RecurrentCellCard {
  public static let lstmCoupledGates = RecurrentCellCard(
    title: "LSTM CIFG", summary: "one gate trades forgetting for input: f = 1 − i", paper: "Greff and others 2017")
}

extension RecurrentCellFormulas {
  /// c' = (1 − i) ⊙ c + i ⊙ g.
  /// - Parameters:
  ///   - forgetBias: what a forget gate's bias would start at; the input gate's starts at its negative, for 1 − σ(s) =
  ///     σ(−s).
  ///   - peepholes: whether the gates see the memory cell, as in the paper.
  public static func lstmCoupledGates(forgetBias: Double = 1, peepholes: Bool = true) -> String {
    """
    state h, c
    i  = σ(W_i x + U_i h\(peepholes ? " + p_i ⊙ c" : "") + b_i)        b_i starts at \(number(-forgetBias))
    f  = 1 − i
    g  = tanh(W_g x + U_g h + b_g)
    c' = f ⊙ c + i ⊙ g
    o  = σ(W_o x + U_o h\(peepholes ? " + p_o ⊙ c'" : "") + b_o)
    h' = o ⊙ tanh(c')
    output h'
    """
  }
}
