// What to load: the kind of data set, its files, and how validation data is chosen.

import EnsueFiles

/// A request for training, validation and test data.
public struct DatasetRequest: Sendable, Equatable {
  public var kind: DatasetKind
  /// The folder of `mr` and `semeval-2017-4a`, the training files of `file`, nothing for `reviews`.
  public var paths: [String]
  /// Files of validation data in place of a share of the training data.
  public var validationPaths: [String]
  /// Files of test data; the test data of `mr`, `semeval-2017-4a` and `reviews` when empty.
  public var testPaths: [String]
  public var reading: ReadingOptions
  /// The share of the training data held out when there are no validation files, in 0..<1.
  public var validationFraction: Double
  /// Decides which examples are held out; nothing to do with the seed of training.
  public var validationSeed: UInt64
  /// Examples of each part at most, chosen by the same seed; nil for all.
  public var sampleSize: Int?
  /// The size and seed of `reviews`, which has validation data of its own.
  public var reviews: ReviewCorpus

  public init(
    kind: DatasetKind, paths: [String] = [], validationPaths: [String] = [], testPaths: [String] = [],
    reading: ReadingOptions = ReadingOptions(), validationFraction: Double = 0.2, validationSeed: UInt64 = 0,
    sampleSize: Int? = nil, reviews: ReviewCorpus = ReviewCorpus()
  ) {
    self.kind = kind
    self.paths = paths
    self.validationPaths = validationPaths
    self.testPaths = testPaths
    self.reading = reading
    self.validationFraction = validationFraction
    self.validationSeed = validationSeed
    self.sampleSize = sampleSize
    self.reviews = reviews
  }

  /// Loads the data.
  ///
  /// Validation and test files are read with the labels of the training data.
  /// - Throws: `Failure` for anything wrong with the request or the files, for training data with a single class too.
  public func load() throws -> DataSplits {
    let splits = try wholeSplits()
    return sampleSize.map { splits.sampled($0, seed: validationSeed) } ?? splits
  }

  private func wholeSplits() throws -> DataSplits {
    if kind != .file, reading.pairColumn != nil || reading.labelKind != .category {
      throw Failure(
        .usage, "texts by themselves and names as labels expected of the data set \(kind.rawValue), found others",
        advice: "Pairs and numbers are read from files: --dataset file.")
    }
    let (training, ownValidation, ownTest) = try sources()
    try training.requireSeveralLabels()
    let labels = training.labels
    let test = testPaths.isEmpty ? ownTest : try read(testPaths, "test", labels)
    if !validationPaths.isEmpty {
      return DataSplits(training: training, validation: try read(validationPaths, "validation", labels), test: test)
    }
    if let ownValidation { return DataSplits(training: training, validation: ownValidation, test: test) }
    let split = try training.stratifiedSplit(fraction: validationFraction, seed: validationSeed)
    return DataSplits(training: split.training, validation: split.validation, test: test)
  }

  private func sources() throws -> (LabelledDataset, validation: LabelledDataset?, test: LabelledDataset?) {
    switch kind {
    case .mr:
      let parts = try MovieReviews.load(from: directory(), options: reading)
      return (parts.training, nil, parts.test)
    case .semeval2017a:
      let parts = try Tweets.load(from: directory(), options: reading)
      return (parts.training, nil, parts.test)
    case .file:
      guard !paths.isEmpty else {
        throw Failure(.usage, "a file of labelled sentences expected, found none", advice: "Name it with --data.")
      }
      return (try read(paths, "training", nil), nil, nil)
    case .reviews:
      guard paths.isEmpty else {
        throw Failure(
          .usage, "no files for the data set reviews expected, found \(Failure.shown(paths[0]))",
          advice: "Read files with --dataset file.")
      }
      let splits = try reviews.splits()
      return (splits.training, splits.validation, splits.test)
    }
  }

  private func directory() throws -> String {
    guard paths.count == 1 else {
      throw Failure(
        .usage, "one folder for the data set \(kind.rawValue) expected, found \(paths.count)",
        advice: "Name it with --data.")
    }
    return paths[0]
  }

  private func read(_ paths: [String], _ part: String, _ labels: [String]?) throws -> LabelledDataset {
    try LabelledDataset.read(paths, name: "\(kind.rawValue) \(part)", options: reading, knownLabels: labels)
  }
}
