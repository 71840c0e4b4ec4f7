// The recurrent cells of the literature as formulas: each cell's own file adds its text here. What a formula may say
// is `CellFormula`'s matter; which cells can be asked for by name is `RecurrentCellKind`'s.

/// The texts of the recurrent cells, one function for each; the options are those that change the text.
///
/// Every cell reads the input `x` of the step and its own states of the step before. `W_` maps the input [hidden,
/// input], `U_` a state or value [hidden, hidden]; `p_` and `b_` are vectors [hidden]. A cell's parameters stand in the
/// order of their first appearance in the text.
public enum RecurrentCellFormulas {
  /// The shortest decimal that reads back as `value`, without a fraction where there is none: 1, −0.5, 0.1.
  static func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? String(value)
  }
}
