// What the size of a batch of pairs counts.

/// The unit of a batch's size, after Morishita et al. (2017).
public enum BatchUnitKind: String, Codable, CaseIterable, Sendable {
  case sentences
  case words

  public var summary: String {
    switch self {
    case .sentences: "so many pairs"
    case .words: "so many symbols of the targets"
    }
  }

  /// What a pair counts: 1, or the symbols of its target, at least 1.
  func size(target: Int) -> Int {
    switch self {
    case .sentences: 1
    case .words: max(target, 1)
    }
  }
}
