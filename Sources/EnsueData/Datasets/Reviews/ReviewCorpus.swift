// Generated reviews of restaurants and films in which the order of the words alone carries the meaning
// (SPEC I3: "the food was good, not bad at all" against "the food was bad, not good at all").
// Every sentence has a partner of the same words and the opposite label in the same part, so a classifier that sees
// only the bag of words is right on exactly one half of them. No data is needed: the `reviews` data set.

import EnsueFiles

/// Sizes and seed of the generated reviews.
///
/// The text is a function of the seed and the sizes. Punctuation stands between spaces, as in MR. No sentence occurs
/// twice, none is in two parts, and the pairs of `WordOrder.pairs` are in none.
public struct ReviewCorpus: Sendable, Equatable {
  /// The labels, in order.
  public static let labels = ["negative", "positive"]

  /// Sentences to train on; even, as all counts.
  public var trainingCount: Int
  public var validationCount: Int
  public var testCount: Int
  public var seed: UInt64

  public init(trainingCount: Int = 6_000, validationCount: Int = 1_000, testCount: Int = 1_000, seed: UInt64 = 1) {
    self.trainingCount = trainingCount
    self.validationCount = validationCount
    self.testCount = testCount
    self.seed = seed
  }

  /// The largest number of sentences of one part.
  public static let countLimit = 200_000

  /// Generates the three parts.
  /// - Throws: `Failure` of kind `configuration` when a count is odd, negative or above `countLimit`, or when there is
  ///   nothing to train on.
  public func splits() throws -> DataSplits {
    try check(trainingCount, atLeast: 2, "training")
    try check(validationCount, atLeast: 0, "validation")
    try check(testCount, atLeast: 0, "test")
    var grammar = ReviewGrammar(seed: seed, stream: 0x5EED_0002)
    var seen = Set(WordOrder.pairs.map(\.bag))
    let training = part("training", trainingCount, &grammar, &seen)
    let validation = part("validation", validationCount, &grammar, &seen)
    let test = part("test", testCount, &grammar, &seen)
    return DataSplits(training: training, validation: validation, test: testCount == 0 ? nil : test)
  }

  private func check(_ count: Int, atLeast minimum: Int, _ part: String) throws {
    guard minimum...ReviewCorpus.countLimit ~= count, count % 2 == 0 else {
      throw Failure(
        .configuration, at: "the number of \(part) reviews",
        "an even number from \(minimum) to \(ReviewCorpus.countLimit) expected, found \(count)",
        advice: "Reviews come in pairs.")
    }
  }

  private func part(_ name: String, _ count: Int, _ grammar: inout ReviewGrammar, _ seen: inout Set<[UInt8]>)
    -> LabelledDataset
  {
    var sentences: [(text: String, label: Int)] = []
    for pair in WordOrder.fresh(count / 2, &grammar, &seen) { sentences += [(pair.negative, 0), (pair.positive, 1)] }
    grammar.shuffle(&sentences)
    var report = ReadingReport()
    report.rows = count
    report.notes = ["generated from the seed \(seed)"]
    return LabelledDataset(
      name: "reviews \(name)", labels: ReviewCorpus.labels,
      examples: sentences.enumerated().map {
        LabelledExample(text: $0.element.text, label: $0.element.label, line: $0.offset + 1)
      },
      report: report)
  }
}
