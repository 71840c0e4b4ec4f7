// The gated recurrent unit with layer normalisation (Ba, Kiros and Hinton, Layer normalization, 2016, supplement): the
// reset gate acts after the state's map, and here z takes the new state. Differences: the statistics are over the units
// of each gate, where the paper takes those of z and r together; and of biases that only add up one is kept.

extension RecurrentCellCard {
  public static let gruLayerNorm = RecurrentCellCard(
    title: "GRU (layer norm)",
    summary: "the GRU with each gate's maps normalised, the reset gate after the product, z the share of what is new",
    paper: "Ba, Kiros and Hinton 2016")
}

extension RecurrentCellFormulas {
  /// Gains (`p_`) start at 1; `p_Wr` is that of W_r x, `p_Ur` that of U_r h.
  public static func gruLayerNorm() -> String {
    """
    state h
    r  = σ(p_Wr ⊙ norm(W_r x) + p_Ur ⊙ norm(U_r h) + b_r)
    z  = σ(p_Wz ⊙ norm(W_z x) + p_Uz ⊙ norm(U_z h) + b_z)
    h̃  = tanh(p_Wh ⊙ norm(W_h x) + b_h + r ⊙ (p_Uh ⊙ norm(U_h h) + b_u))
    h' = (1 − z) ⊙ h + z ⊙ h̃
    output h'
    p_Wr starts at 1
    p_Ur starts at 1
    p_Wz starts at 1
    p_Uz starts at 1
    p_Wh starts at 1
    p_Uh starts at 1
    """
  }
}
