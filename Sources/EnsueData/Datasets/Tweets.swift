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

/// The files of a tree of tweets.
enum TweetFiles {
  private static let depthLimit = 16

  /// All `.tsv` and `.txt` files below a directory, by the bytes of their paths; hidden files and README files are not
  /// data.
  static func files(in directory: String) throws -> [String] {
    let found = try files(in: directory, depth: 0).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard !found.isEmpty else {
      throw Failure(.missing, at: directory, "files ending in .tsv or .txt expected, found none")
    }
    return found
  }

  private static func files(in directory: String, depth: Int) throws -> [String] {
    guard depth < depthLimit else {
      throw Failure(.data, at: directory, "at most \(depthLimit) folders inside each other expected, found more")
    }
    return try InputFile.names(in: directory).flatMap { name in
      let path = "\(directory)/\(name)"
      if name.hasPrefix(".") || name.uppercased().hasPrefix("README") { return [String]() }
      if InputFile.isDirectory(path) { return try files(in: path, depth: depth + 1) }
      return name.hasSuffix(".tsv") || name.hasSuffix(".txt") ? [path] : []
    }
  }
}
