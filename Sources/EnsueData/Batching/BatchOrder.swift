// Which examples make which batch of which epoch: a function of a key, so that a resume needs only a cursor.

import EnsueTensor

/// A place in training: the batch to come.
public struct BatchCursor: Sendable, Equatable, Codable {
  /// Epochs done.
  public var epoch: Int
  /// Batches of this epoch done.
  public var batch: Int

  public init(epoch: Int = 0, batch: Int = 0) {
    self.epoch = epoch
    self.batch = batch
  }
}

/// The shuffled batches of every epoch.
public struct BatchOrder: Sendable {
  public let exampleCount: Int
  public let batchSize: Int
  private let key: RandomKey

  public init(exampleCount: Int, batchSize: Int, key: RandomKey) {
    precondition(exampleCount > 0 && batchSize > 0, "batches of \(batchSize) out of \(exampleCount) examples")
    (self.exampleCount, self.batchSize, self.key) = (exampleCount, batchSize, key)
  }

  public var batchCount: Int { (exampleCount + batchSize - 1) / batchSize }

  /// The examples of each batch of an epoch; the last batch may be smaller.
  public func batches(epoch: Int) -> [[Int]] {
    let order = key.derived(epoch).permutation(exampleCount)
    return stride(from: 0, to: exampleCount, by: batchSize).map {
      Array(order[$0..<min($0 + batchSize, exampleCount)])
    }
  }
}
