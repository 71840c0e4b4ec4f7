// Windows of a long text, each read without a past.

import EnsueLayers
import EnsueTensor

/// The windows of a text.
struct ContextWindows: Sendable {
  private let ids: [Int32]
  /// The symbols that a window reads; as many are predicted.
  private let length: Int

  /// - Precondition: more symbols than a window reads.
  init(_ ids: [Int32], length: Int) {
    precondition(ids.count > length && length > 0, "windows of \(length) out of \(ids.count) symbols")
    (self.ids, self.length) = (ids, length)
  }

  private func window(_ start: Int) -> [Int32] { Array(ids[start...start + length]) }

  /// Windows that begin anywhere, each place equally likely.
  func drawn(_ count: Int, key: RandomKey) -> SymbolBatch {
    SymbolBatch(
      (0..<count).map { window(Int(key.bits(at: $0).multipliedFullWidth(by: UInt64(ids.count - length)).high)) })
  }

  /// The mean loss at every position over windows that are spread evenly over the text.
  func lossesByPosition(of model: some NextSymbolModel, windowCount: Int) throws -> [Double] {
    let places = ids.count - length
    let starts = (0..<windowCount).map { $0 * places / windowCount }
    var sums = [Double](repeating: 0, count: length)
    for first in stride(from: 0, to: windowCount, by: 16) {
      let batch = SymbolBatch(starts[first..<min(first + 16, windowCount)].map(window))
      let scores = logSoftmax(try model.scores(after: batch.inputs, .inference))
      let (values, width) = (scores.doubles, scores.shape[1])
      // All windows are equally long: the rows of a step stand together.
      let rows = batch.inputs.layout.batchSize
      for (row, target) in batch.targets.enumerated() { sums[row / rows] -= values[row * width + target] }
    }
    return sums.map { $0 / Double(max(1, windowCount)) }
  }
}
