// How much of a text its word vectors know: the first thing to look at when a model learns badly.

/// How many words of a vocabulary have vectors, and how often those words were counted.
public struct Coverage: Sendable, Equatable, CustomStringConvertible {
  /// Words of the vocabulary, without `<pad>` and `<unk>`.
  public let words: Int
  /// Those that have a vector.
  public let coveredWords: Int
  /// Occurrences of the vocabulary's words in the text it was counted on, without what was cut; 0 when they were not
  /// counted (a vocabulary read from a file).
  public let occurrences: Int
  /// Occurrences of words that have a vector.
  public let coveredOccurrences: Int

  /// Looks up each word of a vocabulary.
  public init(of vocabulary: Vocabulary, by vectors: WordVectors) {
    var (coveredWords, occurrences, coveredOccurrences) = (0, 0, 0)
    for id in (Vocabulary.unknownID + 1)..<max(vocabulary.count, Vocabulary.unknownID + 1) {
      let count = vocabulary.counts.isEmpty ? 0 : vocabulary.counts[id]
      occurrences += count
      guard vectors.words.find(vocabulary[id]) != nil else { continue }
      coveredWords += 1
      coveredOccurrences += count
    }
    words = vocabulary.count - 2
    self.coveredWords = coveredWords
    self.occurrences = occurrences
    self.coveredOccurrences = coveredOccurrences
  }

  /// One line: `vectors cover 5,017 of 18,764 words, 76.2 % of the tokens`.
  public var description: String {
    let text = "vectors cover \(Numerals.grouped(coveredWords)) of \(Numerals.grouped(words)) words"
    return occurrences == 0 ? text : text + ", \(Numerals.percent(coveredOccurrences, of: occurrences)) of the tokens"
  }
}
