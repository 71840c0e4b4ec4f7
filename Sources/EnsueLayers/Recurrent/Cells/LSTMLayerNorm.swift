// Long short-term memory with layer normalisation (Ba, Kiros and Hinton, Layer normalization, 2016, supplement,
// equations 20-22). Differences: the statistics are over the units of each gate, where the paper takes them over
// the four gates together; and the biases of the two norms before a gate are left out, for they only add to `b_`.

extension RecurrentCellCard {
  public static let lstmLayerNorm = RecurrentCellCard(
    title: "LSTM (layer norm)",
    summary: "the LSTM, the maps of each gate (in the paper of all four) and the cell normalised over the units",
    paper: "Ba, Kiros and Hinton 2016")
}

extension RecurrentCellFormulas {
  /// Gains (`p_`) start at 1; `p_Wi` is that of W_i x, `p_Ui` that of U_i h, `p_c` that of the cell.
  /// - Parameter forgetBias: what the forget gate's bias starts at.
  public static func lstmLayerNorm(forgetBias: Double = 1) -> String {
    """
    state h, c
    i  = σ(p_Wi ⊙ norm(W_i x) + p_Ui ⊙ norm(U_i h) + b_i)
    f  = σ(p_Wf ⊙ norm(W_f x) + p_Uf ⊙ norm(U_f h) + b_f)        b_f starts at \(number(forgetBias))
    g  = tanh(p_Wg ⊙ norm(W_g x) + p_Ug ⊙ norm(U_g h) + b_g)
    o  = σ(p_Wo ⊙ norm(W_o x) + p_Uo ⊙ norm(U_o h) + b_o)
    c' = f ⊙ c + i ⊙ g
    h' = o ⊙ tanh(p_c ⊙ norm(c') + b_c)
    output h'
    p_Wi starts at 1
    p_Ui starts at 1
    p_Wf starts at 1
    p_Uf starts at 1
    p_Wg starts at 1
    p_Ug starts at 1
    p_Wo starts at 1
    p_Uo starts at 1
    p_c starts at 1
    """
  }
}
