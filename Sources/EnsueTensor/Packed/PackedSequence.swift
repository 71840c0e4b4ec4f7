// Vectors for every step of a batch of sequences, packed, and what can be made of whole sequences.

import EnsueKernels

/// A vector for each step of each sequence of a batch; no padding exists that could leak.
public struct PackedSequence: Sendable {
  public let layout: PackedLayout
  /// [rows, features]
  public let values: Tensor

  public init(layout: PackedLayout, values: Tensor) {
    precondition(
      values.shape.rank == 2 && values.shape[0] == layout.rowCount,
      "a packed sequence of \(layout.rowCount) rows cannot have values of shape \(values.shape)")
    self.layout = layout
    self.values = values
  }

  public var featureCount: Int { values.shape[1] }

  /// The same layout with other vectors.
  public func replacingValues(_ values: Tensor) -> PackedSequence { PackedSequence(layout: layout, values: values) }

  /// The sum over each sequence: [batch, features], longest first.
  public func sum() -> Tensor {
    let layout = layout
    return PackedSequence.sums(of: values.detached, layout).recorded("segmentSum", [values]) { gradient in
      [.dense(PackedSequence.repeated(gradient, layout))]
    }
  }

  /// A vector of each sequence, [batch, features], at each of its steps: the adjoint of `sum`.
  public static func repeating(_ vectors: Tensor, layout: PackedLayout) -> PackedSequence {
    precondition(
      vectors.shape.rank == 2 && vectors.shape[0] == layout.batchSize,
      "repeating: \(layout.batchSize) vectors expected, found \(vectors.shape)")
    let values = repeated(vectors.detached, layout).recorded("segmentRepeat", [vectors]) { gradient in
      [.dense(sums(of: gradient, layout))]
    }
    return PackedSequence(layout: layout, values: values)
  }

  /// The mean over each sequence: [batch, features], longest first.
  public func mean() -> Tensor {
    let shares = layout.lengths.map { 1 / Double($0) }
    return sum() * Tensor(shares, shape: [layout.batchSize, 1]).converted(to: values.elementType)
  }

  /// The largest value of each feature over each sequence; the gradient goes to the first of equal ones.
  public func maximum() -> Tensor {
    let (layout, columns, type) = (layout, featureCount, values.elementType)
    let result = Tensor(uninitialized: [layout.batchSize, columns], type)
    let source = values.detached
    result.freshPointer.copyMemory(from: source.pointer, byteCount: result.count * type.size)
    var winners = [Int32](repeating: 0, count: result.count)
    for step in 1..<max(1, layout.stepCount) {
      let offset = layout.row(step: step, position: 0) * columns * type.size
      ensue_maximum_update(
        type.kernel, source.pointer + offset, result.freshPointer, &winners, Int32(step),
        layout.aliveCount(at: step) * columns)
    }
    let chosen = winners
    return result.recorded("segmentMaximum", [values]) { gradient in
      let spread = Tensor(uninitialized: [layout.rowCount, columns], type)
      for step in 0..<layout.stepCount {
        let offset = layout.row(step: step, position: 0) * columns * type.size
        ensue_maximum_route(
          type.kernel, gradient.pointer, chosen, Int32(step), spread.freshPointer + offset,
          layout.aliveCount(at: step) * columns)
      }
      return [.dense(spread)]
    }
  }

  /// The vectors of each sequence's true last step: [batch, features], longest first.
  public func last() -> Tensor { values.gathered(layout.lastRows) }

  /// The vectors of each sequence's first step: [batch, features], longest first.
  public func first() -> Tensor { values.gathered(layout.firstRows) }

  /// Softmax of each feature over the steps of each sequence.
  public func softmax() -> PackedSequence {
    let largest = PackedSequence.repeating(replacingValues(values.detached).maximum(), layout: layout)
    let exponentials = replacingValues(exp(values - largest.values))
    return replacingValues(
      exponentials.values / PackedSequence.repeating(exponentials.sum(), layout: layout).values)
  }

  private static func sums(of values: Tensor, _ layout: PackedLayout) -> Tensor {
    let (columns, type) = (values.shape[1], values.elementType)
    let result = Tensor.zeros([layout.batchSize, columns], type)
    for step in 0..<layout.stepCount {
      let offset = layout.row(step: step, position: 0) * columns * type.size
      ensue_accumulate(
        type.kernel, values.pointer + offset, 1, result.freshPointer, layout.aliveCount(at: step) * columns)
    }
    return result
  }

  private static func repeated(_ vectors: Tensor, _ layout: PackedLayout) -> Tensor {
    let (columns, type) = (vectors.shape[1], vectors.elementType)
    let result = Tensor(uninitialized: [layout.rowCount, columns], type)
    for step in 0..<layout.stepCount {
      let offset = layout.row(step: step, position: 0) * columns * type.size
      (result.freshPointer + offset).copyMemory(
        from: vectors.pointer, byteCount: layout.aliveCount(at: step) * columns * type.size)
    }
    return result
  }
}
