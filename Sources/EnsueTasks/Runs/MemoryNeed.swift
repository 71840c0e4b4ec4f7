// Whether a training can fit the machine at all, before anything is made for it.

import EnsueFiles

/// Memory that a training takes, at least.
enum MemoryNeed {
  /// Refuses a model that the machine's memory cannot hold.
  /// - Parameters:
  ///   - weights: kept five times: weights, best weights, gradients and two moments.
  ///   - others: numbers of 32 bits besides.
  ///   - advice: how to need less.
  static func check(weights: Double, others: Double = 0, advice: String) throws {
    let bytes = (weights * 5 + others) * 4
    guard bytes < ProcessMemory.physicalBytes else {
      throw Failure(
        .configuration, at: "model",
        "a model that fits this machine's memory expected, found one that needs \(gigabytes(bytes)) GB to train",
        advice: advice)
    }
  }

  private static func gigabytes(_ bytes: Double) -> String {
    UInt64(exactly: (bytes / 1e9).rounded(.down)).map { "\($0)" } ?? "\(bytes / 1e9)"
  }
}
