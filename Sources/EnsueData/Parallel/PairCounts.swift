// How many pairs are generated or held out.

import EnsueFiles

/// Sizes of the parts and the seed that chooses what is in them; nothing to do with the seed of training.
public struct PairCounts: Sendable, Equatable {
  /// Pairs to train on, where they are generated.
  public var training: Int
  /// Pairs of validation data, generated or held out of the training data; 0 for none.
  public var validation: Int
  /// Pairs of test data, generated or held out; 0 for none. A set with test data of its own keeps that.
  public var test: Int
  public var seed: UInt64

  /// The largest number of pairs of one part.
  public static let countLimit = 10_000_000

  public init(training: Int = 40_000, validation: Int = 1_000, test: Int = 1_000, seed: UInt64 = 1) {
    (self.training, self.validation, self.test, self.seed) = (training, validation, test, seed)
  }

  /// - Throws: `Failure` of kind `configuration` for a count that cannot be.
  func check() throws {
    for (name, count, least) in [("training", training, 1), ("validation", validation, 0), ("test", test, 0)] {
      guard least...PairCounts.countLimit ~= count else {
        throw Failure(
          .configuration, at: "the number of \(name) pairs",
          "a number from \(least) to \(PairCounts.countLimit) expected, found \(count)")
      }
    }
  }
}
