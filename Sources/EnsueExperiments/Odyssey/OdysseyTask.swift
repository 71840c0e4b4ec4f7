// The three tasks of the odyssey.

/// A task on which LSTM variants are compared.
public enum OdysseyTask: String, Codable, CaseIterable, Sendable {
  case adding
  case copyMemory = "copy-memory"
  case chorales

  public var title: String {
    switch self {
    case .adding: "adding problem"
    case .copyMemory: "copy memory"
    case .chorales: "chorales"
    }
  }
}
