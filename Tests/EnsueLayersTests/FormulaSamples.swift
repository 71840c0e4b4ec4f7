// Formulas that are cells, for the tests of formulas.

/// Texts of cells.
enum FormulaSamples {
  /// DESIGN's example: the peephole LSTM.
  static let peepholeLSTM = """
    state h, c
    i  = σ(W_i x + U_i h + p_i ⊙ c + b_i)
    f  = σ(W_f x + U_f h + p_f ⊙ c + b_f)        b_f starts at 1
    g  = tanh(W_g x + U_g h + b_g)
    c' = f ⊙ c + i ⊙ g
    o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
    h' = o ⊙ tanh(c')
    output h'
    """

  static let gru = """
    state h
    r  = σ(W_r x + U_r h + b_r)
    z  = σ(W_z x + U_z h + b_z)
    h̃  = tanh(W_h x + U_h (r ⊙ h) + b_h)
    h' = z ⊙ h + (1 − z) ⊙ h̃
    output h'
    """

  static let gruResetAfter = """
    state h
    r  = σ(W_r x + U_r h + b_r)
    z  = σ(W_z x + U_z h + b_z)
    n  = tanh(W_n x + b_n + r ⊙ (U_n h + b_hn))
    h' = (1 − z) ⊙ n + z ⊙ h
    output h'
    """

  static let elman = """
    state h
    h' = tanh(W_h x + U_h h + b_h)
    output h'
    """

  static let mut1 = """
    state h
    z  = σ(W_z x + b_z)
    r  = σ(W_r x + U_r h + b_r)
    h' = tanh(U_h (r ⊙ h) + tanh(x) + b_h) ⊙ z + h ⊙ (1 − z)
    output h'
    """

  static let mut3 = """
    state h
    z  = σ(W_z x + U_z tanh(h) + b_z)
    r  = σ(W_r x + U_r h + b_r)
    h' = tanh(U_h (r ⊙ h) + W_h x + b_h) ⊙ z + h ⊙ (1 − z)
    output h'
    """

  static let outputFeedback = """
    state o
    h  = tanh(W_h x + U_h o + b_h)
    o' = tanh(U_o h + b_o)
    output o'
    """

  static let odd = """
    state h, q_1
    a    = −W_a x / (softplus(h) + 1e-05) − (−3)
    beta = exp(−(h − a)) ⊙ log(2 + norm(U_1 (U_2 q_1))) − (a − h)
    q_1' = relu(beta + b_9) / 2.5 / q_1        b_9 starts at −0.25
    h'   = a − (beta + h) ⊙ (a / q_1') + 0 − 4 + q_1
    output h'
    """

  /// All in canonical form.
  static let all = [peepholeLSTM, gru, gruResetAfter, elman, mut1, mut3, outputFeedback, odd]
}
