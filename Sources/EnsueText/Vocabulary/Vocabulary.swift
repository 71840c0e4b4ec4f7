// The rows of an embedding and the tokens they stand for. How text becomes tokens is a tokenizer's affair; counting
// is `Vocabulary.Builder`'s, the file is `Vocabulary+File.swift`'s.

/// Tokens and their ids.
///
/// Row 0 is padding, row 1 every token that is not in the vocabulary; then come the tokens by falling count, equal
/// counts by rising bytes. Tokens are equal when their bytes are.
public struct Vocabulary: Sendable, Equatable {
  /// The row of padding.
  public static let paddingID = 0
  /// The row of unknown tokens.
  public static let unknownID = 1
  /// What row 0 is called in the file: `<pad>`.
  public static let paddingToken = Array("<pad>".utf8)
  /// What row 1 is called in the file: `<unk>`.
  public static let unknownToken = Array("<unk>".utf8)
  /// The largest number of rows.
  public static let maximumCount = 1 << 28

  /// The tokens by row.
  public let tokens: ByteTable
  /// How often each row's token was counted; empty when the vocabulary was read from a file.
  public let counts: [Int]
  /// What was counted and cut; all zero when the vocabulary was read from a file.
  public let report: VocabularyReport

  /// - Parameter tokens: The two specials, then the others.
  package init(tokens: ByteTable, counts: [Int], report: VocabularyReport) {
    precondition(
      tokens.find(Vocabulary.paddingToken) == Vocabulary.paddingID
        && tokens.find(Vocabulary.unknownToken) == Vocabulary.unknownID,
      "a vocabulary begins with <pad> and <unk>")
    self.tokens = tokens
    self.counts = counts
    self.report = report
  }

  /// The number of rows, with `<pad>` and `<unk>`.
  public var count: Int { tokens.count }

  /// The row of a token; 1 for an unknown one. The text cannot name the row of padding: `<pad>` is unknown too.
  public func id(of token: Span<UInt8>) -> Int { max(tokens.find(token) ?? 0, Vocabulary.unknownID) }

  /// The row of a token; 1 for an unknown one. The text cannot name the row of padding: `<pad>` is unknown too.
  public func id(of token: [UInt8]) -> Int { id(of: token.span) }

  /// The token of a row in `0..<count`.
  public subscript(id: Int) -> [UInt8] { tokens[id] }

  /// The rows of tokens, in order.
  public func encode(_ tokens: [[UInt8]]) -> [Int32] {
    tokens.map { Int32(truncatingIfNeeded: id(of: $0)) }
  }

  /// Two vocabularies are equal when they have the same tokens in the same rows, however they came about.
  public static func == (left: Vocabulary, right: Vocabulary) -> Bool { left.tokens == right.tokens }
}
