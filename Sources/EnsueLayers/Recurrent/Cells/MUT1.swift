// The first of the three best cells that evolution found (Jozefowicz, Zaremba and Sutskever, An empirical
// exploration of recurrent network architectures, 2015):
// a relative of the GRU whose update gate does not see the state.
// The bare x is the input itself where it has the width of the state, else mapped by a W_x of its own.

extension RecurrentCellCard {
  public static let mut1 = RecurrentCellCard(
    title: "MUT1", summary: "a relative of the GRU whose update gate does not see the state",
    paper: "Jozefowicz, Zaremba and Sutskever 2015")
}

extension RecurrentCellFormulas {
  /// z does not see h; the candidate sees tanh(x).
  public static func mut1() -> String {
    """
    state h
    z  = σ(W_z x + b_z)
    r  = σ(W_r x + U_r h + b_r)
    h' = tanh(U_h (r ⊙ h) + tanh(x) + b_h) ⊙ z + h ⊙ (1 − z)
    output h'
    """
  }
}
