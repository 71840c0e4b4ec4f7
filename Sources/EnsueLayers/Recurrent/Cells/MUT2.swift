// The second of the three best cells that evolution found (Jozefowicz, Zaremba and Sutskever, An empirical
// exploration of recurrent network architectures, 2015):
// a relative of the GRU whose reset gate takes the input as it is.
// The bare x is the input itself where it has the width of the state, else mapped by a W_x of its own.

extension RecurrentCellCard {
  public static let mut2 = RecurrentCellCard(
    title: "MUT2", summary: "a relative of the GRU whose reset gate takes the input as it is",
    paper: "Jozefowicz, Zaremba and Sutskever 2015")
}

extension RecurrentCellFormulas {
  /// r sees x itself.
  public static func mut2() -> String {
    """
    state h
    z  = σ(W_z x + U_z h + b_z)
    r  = σ(x + U_r h + b_r)
    h' = tanh(U_h (r ⊙ h) + W_h x + b_h) ⊙ z + h ⊙ (1 − z)
    output h'
    """
  }
}
