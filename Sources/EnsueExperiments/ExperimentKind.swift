// The experiments by name.

/// An experiment that one command trains, tabulates and reports.
public enum ExperimentKind: String, Codable, CaseIterable, Sendable {
  case wordOrder = "word-order"

  public var summary: String {
    switch self {
    case .wordOrder:
      "sentences of the same words and opposite meaning: what bags of words cannot tell, and sequence models can"
    }
  }
}
