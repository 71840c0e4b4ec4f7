// Which part of the data a run's figures come from.

/// The part of a data set that a run was judged on.
public enum RunSplit: String, Codable, CaseIterable, Sendable {
  /// Data used for neither training nor selection.
  case test
  /// Data that chose the best epoch, which makes its figures a little too good.
  case validation
  /// Data that the model was trained on, which says nothing of other data.
  case training
}
