// The gated recurrent unit (Cho and others, Learning phrase representations using RNN encoder-decoder for statistical
// machine translation, 2014): the reset gate acts on the state before its map. z keeps the old state, as in the paper.

extension RecurrentCellCard {
  public static let gru = RecurrentCellCard(
    title: "GRU", summary: "two gates, the reset gate before the product", paper: "Cho and others 2014")
}

extension RecurrentCellFormulas {
  /// h̃ = tanh(W x + U (r ⊙ h) + b), h' = z ⊙ h + (1 − z) ⊙ h̃.
  public static func gru() -> String {
    """
    state h
    r  = σ(W_r x + U_r h + b_r)
    z  = σ(W_z x + U_z h + b_z)
    h̃  = tanh(W_h x + U_h (r ⊙ h) + b_h)
    h' = z ⊙ h + (1 − z) ⊙ h̃
    output h'
    """
  }
}
