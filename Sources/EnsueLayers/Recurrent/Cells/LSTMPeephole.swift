// Long short-term memory with peepholes (Gers and Schmidhuber, Recurrent nets that time and count, 2000): the gates see
// the memory cell, the output gate the one of this step. It is the standard ("vanilla") LSTM that Greff and others
// (LSTM: A search space odyssey, 2017) vary.

extension RecurrentCellCard {
  public static let lstmPeephole = RecurrentCellCard(
    title: "LSTM (peepholes)", summary: "the gates see the memory cell through diagonal weights",
    paper: "Gers and Schmidhuber 2000")
}

extension RecurrentCellFormulas {
  /// i and f see c through p_i and p_f, o sees c' through p_o.
  /// - Parameter forgetBias: what the forget gate's bias starts at.
  public static func lstmPeephole(forgetBias: Double = 1) -> String {
    """
    state h, c
    i  = σ(W_i x + U_i h + p_i ⊙ c + b_i)
    f  = σ(W_f x + U_f h + p_f ⊙ c + b_f)        b_f starts at \(number(forgetBias))
    g  = tanh(W_g x + U_g h + b_g)
    c' = f ⊙ c + i ⊙ g
    o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
    h' = o ⊙ tanh(c')
    output h'
    """
  }
}
