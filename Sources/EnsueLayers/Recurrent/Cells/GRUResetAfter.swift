// The gated recurrent unit with the reset gate after the product, as in cuDNN, PyTorch and the first version of the
// paper (Cho and others, arXiv:1406.1078v1, 2014). The state's part of the candidate keeps a bias of its own.

extension RecurrentCellCard {
  public static let gruResetAfter = RecurrentCellCard(
    title: "GRU (reset after)", summary: "two gates, the reset gate after the product, as in cuDNN and PyTorch",
    paper: "Cho and others 2014")
}

extension RecurrentCellFormulas {
  /// h̃ = tanh(W x + b_h + r ⊙ (U h + b_u)), h' = z ⊙ h + (1 − z) ⊙ h̃.
  public static func gruResetAfter() -> String {
    """
    state h
    r  = σ(W_r x + U_r h + b_r)
    z  = σ(W_z x + U_z h + b_z)
    h̃  = tanh(W_h x + b_h + r ⊙ (U_h h + b_u))
    h' = z ⊙ h + (1 − z) ⊙ h̃
    output h'
    """
  }
}
