// What a trainer of subwords is asked for.

import EnsueFiles

/// The settings of a trainer.
public struct SubwordTrainingOptions: Sendable, Equatable {
  public var kind: SubwordTrainerKind
  /// The number of ids: special tokens, alphabet and pieces.
  public var vocabularySize = 8000
  /// How often a pair must occur to become a piece; of pairs, not of probabilities: `unigram` has no use for it.
  public var minimumFrequency = 2
  /// Tokens of one's own, such as `<|endoftext|>`: after the kind's required ones, before everything else.
  public var specialTokens: [String] = []
  /// The largest number of characters of the alphabet, the most frequent ones; nil for all. Byte-level encoding has
  /// its 256 bytes whatever this says.
  public var alphabetLimit: Int?
  public var lowercases = false
  /// The longest piece of `unigram`, in characters.
  public var longestPiece = 16
  /// The pieces that `unigram` begins with, at most.
  public var seedCount = 1_000_000

  public init(_ kind: SubwordTrainerKind) { self.kind = kind }

  /// The largest vocabulary.
  public static let largestVocabulary = 1 << 24

  /// Required and own special tokens, each once.
  var allSpecialTokens: [String] {
    kind.requiredTokens
      + specialTokens.filter { own in !kind.requiredTokens.contains { $0.utf8.elementsEqual(own.utf8) } }
  }

  /// - Throws: `Failure` of kind `configuration`.
  func check() throws {
    guard 1...SubwordTrainingOptions.largestVocabulary ~= vocabularySize else {
      throw wrong("a vocabulary of 1 to \(SubwordTrainingOptions.largestVocabulary)", "\(vocabularySize)")
    }
    guard minimumFrequency >= 1 else { throw wrong("a frequency of at least 1", "\(minimumFrequency)") }
    if let alphabetLimit, alphabetLimit < 1 { throw wrong("an alphabet of at least 1", "\(alphabetLimit)") }
    guard 1...64 ~= longestPiece else { throw wrong("pieces of at most 1 to 64 characters", "\(longestPiece)") }
    guard seedCount >= 1 else { throw wrong("at least 1 piece to begin with", "\(seedCount)") }
    var seen = Set<[UInt8]>()
    for token in specialTokens {
      guard 1...200 ~= token.utf8.count else { throw wrong("a special token of 1 to 200 bytes", Failure.shown(token)) }
      guard seen.insert(Array(token.utf8)).inserted else {
        throw wrong("each special token once", "\(Failure.shown(token)) twice")
      }
    }
  }

  private func wrong(_ expected: String, _ found: String) -> Failure {
    Failure(.configuration, "\(expected) expected, found \(found)")
  }
}
