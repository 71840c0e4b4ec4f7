// In which order windows of a text are taken.

/// How the windows of an epoch are chosen.
public enum WindowOrderKind: String, Codable, CaseIterable, Sendable {
  /// Side by side from a start that changes with the epoch, each once, in random order.
  case shuffled
  /// From random positions, independently of each other: some text twice, some not at all (as nanoGPT does).
  case sampled

  /// One line for help.
  public var summary: String {
    switch self {
    case .shuffled: "side by side from a start that changes with the epoch, each once an epoch, in random order"
    case .sampled: "from random positions, independently of each other"
    }
  }
}
