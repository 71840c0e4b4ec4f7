// How a word-vector file is to be read.

/// Choices for reading word vectors.
public struct WordVectorOptions: Sendable, Equatable {
  /// The format; `automatic` looks at the beginning of the file.
  public var format: WordVectorFormatKind
  /// The number of values of each vector, when the caller knows it; a file with another number is refused.
  public var dimension: Int?
  public var duplicates: DuplicateWordPolicy
  public var invalidWords: InvalidWordPolicy
  /// The largest number of rows accepted.
  public var rowLimit: Int
  /// Whether a text file's vectors are kept in binary form beside it, as `<file>.ensue-vectors`.
  public var usesCache: Bool

  public init(
    format: WordVectorFormatKind = .automatic, dimension: Int? = nil, duplicates: DuplicateWordPolicy = .first,
    invalidWords: InvalidWordPolicy = .fail, rowLimit: Int = WordVectorOptions.maximumRows, usesCache: Bool = true
  ) {
    self.format = format
    self.dimension = dimension
    self.duplicates = duplicates
    self.invalidWords = invalidWords
    self.rowLimit = min(rowLimit, WordVectorOptions.maximumRows)
    self.usesCache = usesCache
  }

  /// No file may have more rows.
  public static let maximumRows = 1 << 28
  /// No vector may have more values.
  public static let maximumDimension = 1 << 16
  /// No line of a text file may have more bytes.
  public static let maximumLineBytes = 1 << 22
  /// No word of a binary file may have more bytes.
  public static let maximumWordBytes = 1 << 16
}
