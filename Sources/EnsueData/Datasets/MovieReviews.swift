// MR: Pang and Lee, "Seeing stars", ACL 2005. 5,331 positive and 5,331 negative sentences from film reviews.

import EnsueFiles

/// The sentence polarity data set in its two files.
public enum MovieReviews {
  /// The sentences of each class that train; the rest are the test set.
  public static let trainingSentencesPerClass = 5_000

  static func files(in directory: String) -> [String] {
    ["rt-polarity.pos", "rt-polarity.neg"].map { "\(directory)/\($0)" }
  }

  /// The first 5,000 sentences of each file for training, the rest for testing; labels `negative`, `positive`.
  /// - Throws: `Failure` when a file is missing, is not in the encoding given (the original is Latin-1, most copies
  ///   are UTF-8) or has no more than 5,000 sentences.
  public static func load(from directory: String, options: ReadingOptions = ReadingOptions()) throws
    -> (training: LabelledDataset, test: LabelledDataset)
  {
    var options = options
    options.format = .mr
    let all = try LabelledDataset.read(files(in: directory), name: "mr", options: options)
    var training: [Int] = []
    var test: [Int] = []
    var taken = [0, 0]
    for (index, example) in all.examples.enumerated() {
      taken[example.label] += 1
      if taken[example.label] <= trainingSentencesPerClass { training.append(index) } else { test.append(index) }
    }
    for (file, label) in zip(files(in: directory), [1, 0]) where taken[label] <= trainingSentencesPerClass {
      throw Failure(
        .data, at: file, "more than \(trainingSentencesPerClass) sentences expected, found \(taken[label])",
        advice: "Read other data with --dataset file.")
    }
    return (all.selecting(training, name: "mr training"), all.selecting(test, name: "mr test"))
  }
}
