// The variant NP of the peephole LSTM (Greff, Srivastava, Koutník, Steunebrink and Schmidhuber, LSTM: A search space
// odyssey, 2017): the gates do not see the memory cell. That is the LSTM; the name is kept so that the eight variants
// can be asked for by the paper's names.

extension RecurrentCellCard {
  public static let lstmNoPeepholes = RecurrentCellCard(
    title: "LSTM NP", summary: "no peepholes: the LSTM under the study's name", paper: "Greff and others 2017")
}

extension RecurrentCellFormulas {
  /// The text of `lstm`.
  /// - Parameter forgetBias: what the forget gate's bias starts at.
  public static func lstmNoPeepholes(forgetBias: Double = 1) -> String { lstm(forgetBias: forgetBias) }
}
