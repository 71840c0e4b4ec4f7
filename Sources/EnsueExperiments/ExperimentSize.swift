// How large an experiment is run.

/// The sizes of an experiment. Each experiment says what they are in numbers.
public enum ExperimentSize: String, Codable, CaseIterable, Sendable {
  /// Seconds; enough to see the direction of the result.
  case quick
  /// Minutes on two cores.
  case standard
  /// About the papers' sizes: hours.
  case paper
}
