// The data sets of sequence to sequence, by the names one types.

import EnsueText

/// A data set of pairs.
public enum ParallelDatasetKind: String, Codable, CaseIterable, Sendable {
  case files
  case multi30k
  case tanaka
  case dates
  case addition
  case spelling
  case reversal
  case sorting

  /// One line for help texts and tables.
  public var summary: String {
    switch self {
    case .files: "your own parallel text: two files with a sentence a line, or one TSV or CSV"
    case .multi30k: "captions of pictures in several languages (Elliott et al. 2016); a folder with raw or tok"
    case .tanaka: "short sentences, English and Japanese (Tanaka corpus); a folder with train, dev and test"
    case .dates: "dates as people write them to YYYY-MM-DD; generated, or a file of source_target lines"
    case .addition: "sums such as 16+75 to their results; generated, or a file of source_target lines"
    case .spelling: "spelled words to phonetic signs; a folder with src.train, tgt.train, src.valid and tgt.valid"
    case .reversal: "generated symbols to the same in reverse; needs no files"
    case .sorting: "generated symbols to the same in order; needs no files"
    }
  }

  /// The symbols that suit its texts.
  public var usualLevel: TokenLevelKind {
    switch self {
    case .files, .multi30k: .subwords
    case .tanaka, .spelling, .reversal, .sorting: .words
    case .dates, .addition: .characters
    }
  }
}
