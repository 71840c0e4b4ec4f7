// What a word-vector reader does with a word that comes again.

/// Which vector of a repeated word counts; repetitions are counted in the report in any case.
public enum DuplicateWordPolicy: String, Codable, CaseIterable, Sendable {
  /// The first, as gensim does: GloVe and fastText files are sorted by frequency, later ones are accidents.
  case first
  /// The last.
  case last
  /// None: a repeated word is an error with its line.
  case fail

  /// Stands for the policy in a cache file; never reuse a number.
  var code: UInt64 {
    switch self {
    case .first: 0
    case .last: 1
    case .fail: 2
    }
  }
}
