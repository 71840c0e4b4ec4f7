// The variant FGR of the peephole LSTM (Greff, Srivastava, Koutník, Steunebrink and Schmidhuber, LSTM: A search space
// odyssey, 2017): every gate also sees all three gates of the step before, which makes the gates states. They begin at
// zero unless the initial state says otherwise. U_fi reads the forget gate for the input gate.

extension RecurrentCellCard {
  public static let lstmFullGateRecurrence = RecurrentCellCard(
    title: "LSTM FGR", summary: "every gate also sees all gates of the step before", paper: "Greff and others 2017")
}

extension RecurrentCellFormulas {
  /// i' = σ(… + U_ii i + U_fi f + U_oi o), and so for f' and o'.
  /// - Parameters:
  ///   - forgetBias: what the forget gate's bias starts at.
  ///   - peepholes: whether the gates see the memory cell, as in the paper.
  public static func lstmFullGateRecurrence(forgetBias: Double = 1, peepholes: Bool = true) -> String {
    """
    state h, c, i, f, o
    i' = σ(W_i x + U_i h\(peepholes ? " + p_i ⊙ c" : "") + b_i + U_ii i + U_fi f + U_oi o)
    f' = σ(W_f x + U_f h\(peepholes ? " + p_f ⊙ c" : "") + b_f + U_if i + U_ff f + U_of o)
    b_f starts at \(number(forgetBias))
    g  = tanh(W_g x + U_g h + b_g)
    c' = f' ⊙ c + i' ⊙ g
    o' = σ(W_o x + U_o h\(peepholes ? " + p_o ⊙ c'" : "") + b_o + U_io i + U_fo f + U_oo o)
    h' = o' ⊙ tanh(c')
    output h'
    """
  }
}
