// The names of the lines of a run log.

/// The kinds of event in `metrics.jsonl`; the raw value is the line's `event`.
public enum RunEventKind: String, Codable, CaseIterable, Sendable {
  /// An epoch of training is over.
  case epoch
  /// The mean of several validations' weights was evaluated on the validation data.
  case averaged
  /// The finished model was evaluated on data it was not trained or selected on.
  case test
  /// Training is over.
  case done
}
