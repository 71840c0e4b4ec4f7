// The variant NOAF of the peephole LSTM (Greff, Srivastava, Koutník, Steunebrink and Schmidhuber, LSTM: A search space
// odyssey, 2017): the cell is not squashed on its way out: h' = o ⊙ c'.
// What the output gate shows is the cell itself.

extension RecurrentCellCard {
  public static let lstmNoOutputActivation = RecurrentCellCard(
    title: "LSTM NOAF", summary: "the cell is not squashed on its way out: h' = o ⊙ c'", paper: "Greff and others 2017")
}

extension RecurrentCellFormulas {
  /// h' = o ⊙ c'.
  /// - Parameters:
  ///   - forgetBias: what the forget gate's bias starts at.
  ///   - peepholes: whether the gates see the memory cell, as in the paper.
  public static func lstmNoOutputActivation(forgetBias: Double = 1, peepholes: Bool = true) -> String {
    """
    state h, c
    i  = σ(W_i x + U_i h\(peepholes ? " + p_i ⊙ c" : "") + b_i)
    f  = σ(W_f x + U_f h\(peepholes ? " + p_f ⊙ c" : "") + b_f)        b_f starts at \(number(forgetBias))
    g  = tanh(W_g x + U_g h + b_g)
    c' = f ⊙ c + i ⊙ g
    o  = σ(W_o x + U_o h\(peepholes ? " + p_o ⊙ c'" : "") + b_o)
    h' = o ⊙ c'
    output h'
    """
  }
}
