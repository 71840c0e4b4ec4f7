// The test sentences with what the model said of them, for any program.

import EnsueData
import EnsueFiles

/// predictions.tsv: `truth`, `prediction`, one `p(label)` column for each class, `text`, of pairs also `pair`. Of numbers
/// there are no probabilities.
enum PredictionsFile {
  static func write(_ evaluation: SentenceEvaluation, of dataset: LabelledDataset, to path: String) throws {
    let labels = dataset.labels.map(field)
    var probabilities: [String] = []
    var rows: [[String]] = []
    switch evaluation {
    case .classes(let classes):
      probabilities = labels.map { "p(\($0))" }
      rows = zip(classes.predictions, classes.probabilities).map { [labels[$0]] + $1.map { "\($0)" } }
    case .numbers(let numbers, _): rows = numbers.map { ["\($0)"] }
    }
    let header = ["truth", "prediction"] + probabilities + ["text"] + (dataset.hasPairs ? ["pair"] : [])
    let lines = zip(dataset.examples, rows).map { example, row in
      [field(dataset.labelText(of: example))] + row + [field(example.text)] + (example.pair.map { [field($0)] } ?? [])
    }
    try OutputFile.write(([header] + lines).map { $0.joined(separator: "\t") + "\n" }.joined(), to: path)
  }

  /// A field of a TSV file without quoting: tabs and line ends become spaces.
  private static func field(_ text: String) -> String {
    String(decoding: text.utf8.map { [0x09, 0x0A, 0x0D].contains($0) ? 0x20 : $0 }, as: UTF8.self)
  }
}
