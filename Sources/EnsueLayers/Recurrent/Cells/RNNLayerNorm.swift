// The simple recurrent network with layer normalisation (Ba, Kiros and Hinton, Layer normalization, 2016, equation 4):
// the sum of both maps is normalised over the units at every step, then given a gain and a bias.

extension RecurrentCellCard {
  public static let rnnLayerNorm = RecurrentCellCard(
    title: "RNN (layer norm)", summary: "the simple recurrent network, its summed inputs normalised over the units",
    paper: "Ba, Kiros and Hinton 2016")
}

extension RecurrentCellFormulas {
  /// h' = φ(p ⊙ norm(W x + U h) + b), φ = tanh unless told otherwise; the gain p starts at 1.
  public static func rnnLayerNorm(activation: ActivationKind = .tanh) -> String {
    """
    state h
    h' = \(activation.symbol)(p_h ⊙ norm(W_h x + U_h h) + b_h)        p_h starts at 1
    output h'
    """
  }
}
