// The data sets a classifier can be trained on, by the names one types.

/// A data set of labelled sentences.
public enum DatasetKind: String, Codable, CaseIterable, Sendable {
  case mr
  case semeval2017a = "semeval-2017-4a"
  case file
  case reviews

  /// One line for help texts and tables.
  public var summary: String {
    switch self {
    case .mr: "MR, film review sentences, negative or positive; a folder with rt-polarity.pos and rt-polarity.neg"
    case .semeval2017a: "SemEval-2017 task 4 A, tweets, three classes; a folder with train_dev and gold"
    case .file: "your own TSV, CSV or JSON lines with a text and a label"
    case .reviews: "generated reviews in which only the order of the words tells the label; needs no files"
    }
  }
}
