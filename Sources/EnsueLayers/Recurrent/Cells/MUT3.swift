// The third of the three best cells that evolution found (Jozefowicz, Zaremba and Sutskever, An empirical
// exploration of recurrent network architectures, 2015):
// a relative of the GRU whose update gate sees tanh of the state.

extension RecurrentCellCard {
  public static let mut3 = RecurrentCellCard(
    title: "MUT3", summary: "a relative of the GRU whose update gate sees tanh of the state",
    paper: "Jozefowicz, Zaremba and Sutskever 2015")
}

extension RecurrentCellFormulas {
  /// z sees tanh(h).
  public static func mut3() -> String {
    """
    state h
    z  = σ(W_z x + U_z tanh(h) + b_z)
    r  = σ(W_r x + U_r h + b_r)
    h' = tanh(U_h (r ⊙ h) + W_h x + b_h) ⊙ z + h ⊙ (1 − z)
    output h'
    """
  }
}
