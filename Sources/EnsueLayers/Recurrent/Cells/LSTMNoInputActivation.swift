// The variant NIAF of the peephole LSTM (Greff, Srivastava, Koutník, Steunebrink and Schmidhuber, LSTM: A search space
// odyssey, 2017): the candidate is not squashed: g is linear. The candidate is as large as its sum.

extension RecurrentCellCard {
  public static let lstmNoInputActivation = RecurrentCellCard(
    title: "LSTM NIAF", summary: "the candidate is not squashed: g is linear", paper: "Greff and others 2017")
}

extension RecurrentCellFormulas {
  /// g = W x + U h + b.
  /// - Parameters:
  ///   - forgetBias: what the forget gate's bias starts at.
  ///   - peepholes: whether the gates see the memory cell, as in the paper.
  public static func lstmNoInputActivation(forgetBias: Double = 1, peepholes: Bool = true) -> String {
    """
    state h, c
    i  = σ(W_i x + U_i h\(peepholes ? " + p_i ⊙ c" : "") + b_i)
    f  = σ(W_f x + U_f h\(peepholes ? " + p_f ⊙ c" : "") + b_f)        b_f starts at \(number(forgetBias))
    g  = W_g x + U_g h + b_g
    c' = f ⊙ c + i ⊙ g
    o  = σ(W_o x + U_o h\(peepholes ? " + p_o ⊙ c'" : "") + b_o)
    h' = o ⊙ tanh(c')
    output h'
    """
  }
}
