// The test sentences with what the model said of them, for any program.

import EnsueData
import EnsueFiles

/// predictions.tsv: `truth`, `prediction`, one `p(label)` column for each class, `text`.
enum PredictionsFile {
  static func write(_ evaluation: ClassificationEvaluation, of dataset: LabelledDataset, to path: String) throws {
    let labels = dataset.labels.map(field)
    var lines = [(["truth", "prediction"] + labels.map { "p(\($0))" } + ["text"]).joined(separator: "\t")]
    for (index, example) in dataset.examples.enumerated() {
      let probabilities = evaluation.probabilities[index].map { "\($0)" }
      lines.append(
        ([labels[example.label], labels[evaluation.predictions[index]]] + probabilities + [field(example.text)])
          .joined(separator: "\t"))
    }
    try OutputFile.write(lines.joined(separator: "\n") + "\n", to: path)
  }

  /// A field of a TSV file without quoting: tabs and line ends become spaces.
  private static func field(_ text: String) -> String {
    String(decoding: text.utf8.map { [0x09, 0x0A, 0x0D].contains($0) ? 0x20 : $0 }, as: UTF8.self)
  }
}
