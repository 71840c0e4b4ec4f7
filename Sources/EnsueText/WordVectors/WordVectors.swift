// Pre-trained word vectors from a file. What the rows become in a model, and which words of a vocabulary they cover,
// is left to others (`Coverage`).

import EnsueFiles

/// Words and their vectors.
///
/// Reads GloVe text, word2vec text and binary, fastText `.vec`. Values are finite; words are UTF-8, compared byte by
/// byte, and not empty.
public struct WordVectors: Sendable {
  /// The number of values of each vector.
  public let dimension: Int
  /// The words, in the order of the file; a word's index is its row in `values`.
  public let words: ByteTable
  /// The vectors, one after the other: `[words.count, dimension]`.
  public let values: [Float]
  /// What was read and what was not.
  public let report: WordVectorReport

  package init(words: ByteTable, values: [Float], report: WordVectorReport) {
    dimension = report.dimension
    self.words = words
    self.values = values
    self.report = report
  }

  /// The number of words.
  public var count: Int { words.count }

  /// The vector of a word, or nil when the word has none.
  public func vector(of word: [UInt8]) -> ArraySlice<Float>? { vector(of: word.span) }

  /// The vector of a word, or nil when the word has none.
  public func vector(of word: Span<UInt8>) -> ArraySlice<Float>? {
    words.find(word).map { values[$0 * dimension..<($0 + 1) * dimension] }
  }

  /// Reads a file of word vectors, or the cache of an earlier reading when the file has not changed since.
  ///
  /// In a text file the dimension is the header's or, without a header, what most of the first 32 lines have. The
  /// values of a row are its last fields; a word may have spaces in it unless its last part is a number. Fields are
  /// split at single spaces and tabs; white space at the end of a line and blank lines are ignored (and the latter
  /// counted); CRLF and a byte order mark are accepted.
  /// - Throws: `Failure` with the line (text) or byte (binary) for rows of another width, numbers that are malformed
  ///   or not finite, words that are empty or not UTF-8, a header that does not agree with the rows, rows, lines or
  ///   dimensions beyond the limits of `WordVectorOptions`, and for files of other kinds.
  public init(contentsOf path: String, options: WordVectorOptions = WordVectorOptions()) throws {
    try self.init(contentsOf: path, options: options, blockSize: 1 << 24, pieceSize: 1 << 19)
  }

  /// As above, with the sizes in which a text file is read and dealt to threads; the result does not depend on them.
  package init(contentsOf path: String, options: WordVectorOptions, blockSize: Int, pieceSize: Int) throws {
    let clock = ContinuousClock()
    let start = clock.now
    var (words, values, report) = try WordVectors.load(path, options, blockSize, pieceSize)
    report.words = words.count
    let duration = (clock.now - start).components
    report.seconds = Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
    self.init(words: words, values: values, report: report)
  }

  /// The number of values of each vector of a file, by its beginning.
  /// - Throws: `Failure` for files of other kinds.
  public static func dimension(of path: String, options: WordVectorOptions = WordVectorOptions()) throws -> Int {
    let file = try InputFile(path)
    let head = try file.bytes(at: 0, count: min(file.size, VectorFileHead.headSize))
    return try VectorFileHead(head, path: path, size: file.size, options: options).dimension
  }

  private typealias Loaded = (words: ByteTable, values: [Float], report: WordVectorReport)

  private static func load(
    _ path: String, _ options: WordVectorOptions, _ blockSize: Int, _ pieceSize: Int
  ) throws -> Loaded {
    let file = try InputFile(path)
    let cache = options.usesCache ? WordVectorCache(of: path, options: options) : nil
    var unusable: String?
    if let cache {
      switch try cache.read(sourceSize: file.size) {
      case .hit(let vectors): return (vectors.words, vectors.values, vectors.report)
      case .absent: break
      case .unusable(let reason): unusable = reason
      }
    }
    let headBytes = try file.bytes(at: 0, count: min(file.size, VectorFileHead.headSize))
    let head = try VectorFileHead(headBytes, path: path, size: file.size, options: options)
    if head.format == .word2vecBinary, let header = head.header {
      var reader = VectorBinaryReader(header, path: path, options: options)
      try reader.read(file, from: head.bodyOffset)
      var report = reader.report
      report.bytes = file.size
      report.duplicates = reader.rows.duplicates
      guard reader.rows.words.count > 0 else { throw Failure(.data, at: path, "word vectors expected, found none") }
      return (reader.rows.words, reader.rows.values, report)
    }
    var reader = VectorTextReader(head, path: path, options: options, blockSize: blockSize, pieceSize: pieceSize)
    let digest = try reader.read(file)
    var report = reader.report
    report.bytes = file.size
    report.duplicates = reader.rows.duplicates
    report.words = reader.rows.words.count
    if let cache {
      let vectors = WordVectors(words: reader.rows.words, values: reader.rows.values, report: report)
      report.cache = cache.write(vectors, digest: digest, replacing: unusable)
    }
    return (reader.rows.words, reader.rows.values, report)
  }
}
