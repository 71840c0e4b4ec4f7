// Which pairs are too long, or too unequal, to learn from. Sides that are far from equally long are seldom translations
// of each other (Koehn et al., "Moses", ACL 2007: clean-corpus-n).

import EnsueFiles

/// Limits on the pairs of training and validation data; of test data only where it is held out of the same file.
public struct ParallelLimits: Sendable, Equatable {
  /// The largest number of words of a side; nil for no limit. A word is what stands between white space.
  public var words: Int?
  /// The largest number of characters (Unicode scalars) of a side; nil for no limit.
  public var characters: Int?
  /// How many times as many words the longer side may have; nil for no limit.
  public var ratio: Double?

  public init(words: Int? = 1_000, characters: Int? = 10_000, ratio: Double? = nil) {
    (self.words, self.characters, self.ratio) = (words, characters, ratio)
  }

  /// Every pair passes that has two sides.
  public static let none = ParallelLimits(words: nil, characters: nil)

  /// - Throws: `Failure` of kind `configuration` for limits that no pair can keep.
  func check() throws {
    if let words, words < 1 { throw wrong("the limit of words", "a number from 1 on", "\(words)") }
    if let characters, characters < 1 { throw wrong("the limit of characters", "a number from 1 on", "\(characters)") }
    if let ratio, !(ratio >= 1) { throw wrong("the ratio of lengths", "a number from 1 on", "\(ratio)") }
  }

  private func wrong(_ place: String, _ expected: String, _ found: String) -> Failure {
    Failure(.configuration, at: place, "\(expected) expected, found \(found)")
  }

  /// Why a pair is to be dropped; nil when it may stay.
  func reason(toDrop pair: SentencePair) -> DroppedPairReason? {
    let (source, target) = (SideLength(pair.source), SideLength(pair.target))
    if source.words == 0 { return .emptySource }
    if target.words == 0 { return .emptyTarget }
    if let words, max(source.words, target.words) > words { return .tooManyWords }
    if let characters, max(source.characters, target.characters) > characters { return .tooManyCharacters }
    let (shorter, longer) = (min(source.words, target.words), max(source.words, target.words))
    if let ratio, Double(longer) > ratio * Double(shorter) { return .lengthRatio }
    return nil
  }
}

/// How long a text is.
struct SideLength {
  /// Runs of bytes that are not ASCII white space.
  private(set) var words = 0
  /// Unicode scalars.
  private(set) var characters = 0

  init(_ text: String) {
    var isInWord = false
    for byte in text.utf8 {
      if byte & 0xC0 != 0x80 { characters += 1 }
      if byte.isSpace {
        isInWord = false
      } else if !isInWord {
        isInWord = true
        words += 1
      }
    }
  }
}
