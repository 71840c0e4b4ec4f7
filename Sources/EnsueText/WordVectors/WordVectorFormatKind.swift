// The one place where word-vector formats are named.

/// The formats of word-vector files, by name.
public enum WordVectorFormatKind: String, Codable, CaseIterable, Sendable {
  case automatic
  case glove
  case word2vecText = "word2vec-text"
  case word2vecBinary = "word2vec-binary"

  /// What the format is, in one line.
  public var summary: String {
    switch self {
    case .automatic: "found out from the file"
    case .glove: "text, a word and its values a line, no header (GloVe)"
    case .word2vecText: "text after a header line of count and dimension (word2vec, fastText .vec)"
    case .word2vecBinary: "32-bit floats after a header line of count and dimension (word2vec .bin)"
    }
  }

  /// Stands for the kind in a cache file; never reuse a number.
  var code: UInt64 {
    switch self {
    case .automatic: 0
    case .glove: 1
    case .word2vecText: 2
    case .word2vecBinary: 3
    }
  }
}
