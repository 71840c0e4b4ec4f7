// A sentence and its translation, as text.

/// A source and the target it becomes.
public struct SentencePair: Sendable, Equatable {
  public var source: String
  public var target: String

  public init(source: String, target: String) {
    self.source = source
    self.target = target
  }

  /// Texts are compared byte by byte, not by Unicode's canonical equivalence.
  public static func == (left: SentencePair, right: SentencePair) -> Bool {
    left.source.utf8.elementsEqual(right.source.utf8) && left.target.utf8.elementsEqual(right.target.utf8)
  }
}
