// The simple recurrent network with leaky integration (Jaeger, Lukoševičius, Popovici and Siewert, Optimization and
// applications of echo state networks with leaky-integrator neurons, 2007): each unit moves only a part of the way to
// its new value. The learned leak, one for each unit, begins at a half. Any other cell leaks by `CellFormula.leaky`.

extension RecurrentCellCard {
  public static let rnnLeaky = RecurrentCellCard(
    title: "Leaky RNN", summary: "each unit moves a learned part of the way to its new value",
    paper: "Jaeger, Lukoševičius, Popovici and Siewert 2007")
}

extension RecurrentCellFormulas {
  /// h' = (1 − a) ⊙ h + a ⊙ φ(W x + U h + b).
  /// - Parameter leak: a, the same for every unit and not learned; nil for a = σ(p_a), learned, one for each unit.
  public static func rnnLeaky(activation: ActivationKind = .tanh, leak: Double? = nil) -> String {
    """
    state h
    a  = \(leak.map(number) ?? "σ(p_a)")
    h̃  = \(activation.symbol)(W_h x + U_h h + b_h)
    h' = (1 − a) ⊙ h + a ⊙ h̃
    output h'
    """
  }
}
