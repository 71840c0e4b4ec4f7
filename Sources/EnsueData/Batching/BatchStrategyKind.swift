// The five ways to put pairs of sentences into mini-batches: Morishita, Oda, Neubig, Yoshino, Sudoh and Nakamura, "An
// empirical study of mini-batch creation strategies for neural machine translation", 2017.

/// In which order pairs go into batches. The batches are shuffled afterwards, whatever the strategy.
public enum BatchStrategyKind: String, Codable, CaseIterable, Sendable {
  case shuffle
  case source
  case target
  case sourceTarget = "source-target"
  case targetSource = "target-source"

  public var summary: String {
    switch self {
    case .shuffle: "pairs in random order"
    case .source: "pairs of similar source length together"
    case .target: "pairs of similar target length together"
    case .sourceTarget: "by source length, among equals by target length"
    case .targetSource: "by target length, among equals by source length"
    }
  }

  /// What a pair is sorted by, first things first; what is equal in both stays in random order.
  func key(source: Int, target: Int) -> (first: Int, second: Int) {
    switch self {
    case .shuffle: (0, 0)
    case .source: (source, 0)
    case .target: (target, 0)
    case .sourceTarget: (source, target)
    case .targetSource: (target, source)
    }
  }
}
