// Long short-term memory (Hochreiter and Schmidhuber 1997) with the forget gate of Gers, Schmidhuber and Cummins
// (Learning to forget, 2000). The forget gate's bias starts at 1, so that a new cell remembers (Jozefowicz, Zaremba and
// Sutskever 2015).

extension RecurrentCellCard {
  public static let lstm = RecurrentCellCard(
    title: "LSTM", summary: "a memory cell with input, forget and output gates",
    paper: "Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000")
}

extension RecurrentCellFormulas {
  /// c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh(c').
  /// - Parameter forgetBias: what the forget gate's bias starts at.
  public static func lstm(forgetBias: Double = 1) -> String {
    """
    state h, c
    i  = σ(W_i x + U_i h + b_i)
    f  = σ(W_f x + U_f h + b_f)        b_f starts at \(number(forgetBias))
    g  = tanh(W_g x + U_g h + b_g)
    o  = σ(W_o x + U_o h + b_o)
    c' = f ⊙ c + i ⊙ g
    h' = o ⊙ tanh(c')
    output h'
    """
  }
}
