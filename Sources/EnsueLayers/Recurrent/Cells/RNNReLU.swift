// The simple recurrent network with rectified linear units (Le, Jaitly and Hinton, A simple way to initialize recurrent
// networks of rectified linear units, 2015). Their IRNN is this cell with the state's map started at the identity.

extension RecurrentCellCard {
  public static let rnnReLU = RecurrentCellCard(
    title: "RNN (ReLU)", summary: "the simple recurrent network with max(0, ·) for tanh",
    paper: "Le, Jaitly and Hinton 2015")
}

extension RecurrentCellFormulas {
  /// h' = max(0, W x + U h + b).
  public static func rnnReLU() -> String { rnn(activation: .relu) }
}
