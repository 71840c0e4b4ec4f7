// SemEval-2017 task 4, subtask A: Rosenthal, Farra and Nakov, SemEval 2017. Tweets, negative, neutral or positive.

import EnsueFiles

/// The tweet sentiment data in its folders `train_dev` and `gold`.
public enum Tweets {
  /// All tweets below `train_dev` for training, those below `gold` for testing.
  ///
  /// Files are taken in the order of their paths' bytes. A later row with the identifier of an earlier one replaces
  /// it in its place. Texts are cleaned as `TweetCleaning` says.
  public static func load(from directory: String, options: ReadingOptions = ReadingOptions()) throws
    -> (training: LabelledDataset, test: LabelledDataset)
  {
    var options = options
    options.format = .semeval
    let parts = try ["train_dev", "gold"].map { part in
      let path = "\(directory)/\(part)"
      guard InputFile.isDirectory(path) else {
        throw Failure(
          .missing, at: path, "a directory expected, found none",
          advice: "SemEval-2017 4A has the folders train_dev and gold.")
      }
      let name = "semeval-2017-4a \(part == "gold" ? "test" : "training")"
      return try LabelledDataset.read([path], name: name, options: options)
    }
    return (parts[0], parts[1])
  }
}
