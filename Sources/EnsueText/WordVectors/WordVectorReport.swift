// What was read from a word-vector file, and what was not.

/// The facts of one load of word vectors.
public struct WordVectorReport: Sendable, Equatable, CustomStringConvertible {
  /// What the cache had to do with it.
  public enum Cache: Sendable, Equatable {
    /// The caller did not want one, or the file is binary already.
    case unused
    /// The vectors came from the cache.
    case read
    /// There was none; now there is.
    case written
    /// There was one that could not be used; it was replaced. The text says what was wrong.
    case replaced(String)
    /// The vectors were read, but the cache could not be written. The text says why.
    case unwritable(String)
  }

  public var path: String
  /// The format found; never `automatic`.
  public var format: WordVectorFormatKind
  /// Values of a vector.
  public var dimension: Int
  /// Rows in the file, header and blank lines not counted.
  public var rows = 0
  /// Words kept.
  public var words = 0
  /// Rows with a word that had come before.
  public var duplicates = 0
  /// Rows left out because their word is not UTF-8.
  public var skipped = 0
  /// Rows whose word was repaired because it is not UTF-8.
  public var replaced = 0
  /// Lines without anything on them.
  public var blankLines = 0
  /// Size of the file.
  public var bytes = 0
  public var cache: Cache = .unused
  /// Time taken in all.
  public var seconds = 0.0

  package init(path: String, format: WordVectorFormatKind, dimension: Int) {
    self.path = path
    self.format = format
    self.dimension = dimension
  }

  /// One line, such as `glove.6B.50d.txt: 400,000 words of 50 values (glove, 171,350,079 bytes) in 0.62 s; cache written`.
  public var description: String {
    var text =
      "\(path): \(Numerals.grouped(words)) words of \(dimension) values (\(format.rawValue), "
      + "\(Numerals.grouped(bytes)) bytes) in \(Numerals.fixed(seconds, decimals: 2)) s"
    func add(_ count: Int, _ what: String) {
      if count > 0 { text += "; \(Numerals.grouped(count)) \(what)" }
    }
    add(duplicates, duplicates == 1 ? "repeated word" : "repeated words")
    add(skipped, "skipped, not UTF-8")
    add(replaced, "repaired, not UTF-8")
    add(blankLines, blankLines == 1 ? "blank line" : "blank lines")
    switch cache {
    case .unused: break
    case .read: text += "; from the cache"
    case .written: text += "; cache written"
    case .replaced(let reason): text += "; cache replaced (\(reason))"
    case .unwritable(let reason): text += "; no cache (\(reason))"
    }
    return text
  }
}
