// The data sets of the laboratory by name.

import EnsueData

/// A data set of the laboratory.
public enum LabDatasetKind: String, Codable, CaseIterable, Sendable {
  /// Film review sentences (Pang and Lee 2005).
  case mr
  /// Tweets of SemEval-2017 task 4 A (Rosenthal et al. 2017).
  case semeval

  public var title: String {
    switch self {
    case .mr: "MR"
    case .semeval: "SemEval-2017 4A"
    }
  }

  var dataset: DatasetKind {
    switch self {
    case .mr: .mr
    case .semeval: .semeval2017a
    }
  }
}
