// The output-feedback network (Jordan, Serial order: a parallel distributed processing approach, 1986): the recurrence
// goes through the output alone. Whoever feeds targets instead of outputs (teacher forcing) gives them as the state.

extension RecurrentCellCard {
  public static let outputFeedback = RecurrentCellCard(
    title: "Jordan RNN", summary: "the output, not the hidden layer, is fed back", paper: "Jordan 1986")
}

extension RecurrentCellFormulas {
  /// h = φ(W x + U_h o + b_h), o' = g(U_o h + b_o); φ and g are tanh unless told otherwise.
  public static func outputFeedback(
    activation: ActivationKind = .tanh, outputActivation: ActivationKind = .tanh
  ) -> String {
    """
    state o
    h  = \(activation.symbol)(W_h x + U_h o + b_h)
    o' = \(outputActivation.symbol)(U_o h + b_o)
    output o'
    """
  }
}
