// Long short-term memory as first published (Hochreiter and Schmidhuber, Long short-term memory, 1997): no forget gate,
// no peepholes. The paper squashes g by 4σ(·) − 2 = 2 tanh(·/2) and c by 2σ(·) − 1 = tanh(·/2); with g's weights halved
// and c counted in half units that is what stands here.

extension RecurrentCellCard {
  public static let lstm1997 = RecurrentCellCard(
    title: "LSTM (1997)", summary: "the first LSTM: it never forgets", paper: "Hochreiter and Schmidhuber 1997")
}

extension RecurrentCellFormulas {
  /// c' = c + i ⊙ g.
  public static func lstm1997() -> String {
    """
    state h, c
    i  = σ(W_i x + U_i h + b_i)
    g  = tanh(W_g x + U_g h + b_g)
    o  = σ(W_o x + U_o h + b_o)
    c' = c + i ⊙ g
    h' = o ⊙ tanh(c')
    output h'
    """
  }
}
