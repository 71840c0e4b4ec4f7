// The simple recurrent network (Elman, Finding structure in time, 1990): the new state is a function of the input and
// the state before. With the identity as activation the recurrence is linear.

extension RecurrentCellCard {
  public static let rnn = RecurrentCellCard(
    title: "RNN", summary: "the state is tanh of the input and the state before", paper: "Elman 1990")
}

extension RecurrentCellFormulas {
  /// h' = φ(W x + U h + b), φ = tanh unless told otherwise.
  public static func rnn(activation: ActivationKind = .tanh) -> String {
    """
    state h
    h' = \(activation.symbol)(W_h x + U_h h + b_h)
    output h'
    """
  }
}
