// What a training of subwords has seen and made.

/// Figures of a training.
public struct SubwordTrainingReport: Sendable, Equatable {
  /// Bytes of text read.
  public internal(set) var bytes = 0
  /// Words, and how many different ones.
  public internal(set) var words = 0
  public internal(set) var distinctWords = 0
  /// Words of more than 4096 bytes, counted in parts.
  public internal(set) var cutWords = 0
  /// Ids of the vocabulary, special tokens and alphabet among them.
  public internal(set) var vocabularySize = 0
  /// Characters (or bytes) that are pieces by themselves.
  public internal(set) var alphabetSize = 0
  public internal(set) var merges = 0
  /// Pieces that the words read are cut into.
  public internal(set) var tokens = 0

  /// Pieces a word.
  public var tokensPerWord: Double { words == 0 ? 0 : Double(tokens) / Double(words) }
}
