// What stood before each step: the states of the step before, or the initial ones.

import EnsueTensor

extension PackedLayout {
  /// For each packed row, where what came before its step stands when the initial rows of the batch are put in front
  /// of the packed rows.
  fileprivate func rowsBefore(_ direction: Direction) -> [Int32] {
    (0..<stepCount).flatMap { step in
      (0..<aliveCount(at: step)).map { position in
        let before = direction == .forward ? step - 1 : step + 1
        let isFirst = before < 0 || before >= lengths[position]
        return Int32(isFirst ? position : batchSize + row(step: before, position: position))
      }
    }
  }
}

extension PackedSequence {
  /// The vectors of the step before, in the direction of reading.
  /// - Parameter initial: before the first step, [batch, features], longest sequence first.
  public func before(from initial: Tensor, direction: Direction = .forward) -> PackedSequence {
    precondition(
      initial.shape == [layout.batchSize, featureCount],
      "before: initial vectors \(initial.shape) of \(layout.batchSize) sequences of \(featureCount) features")
    return replacingValues(concatenated([initial, values], axis: 0).gathered(layout.rowsBefore(direction)))
  }
}

/// The Euclidean norm of each row of several matrices side by side: [rows, _]… → [rows, 1]. The derivative at a row of
/// zeros is taken to be zero.
func rowNorms(_ parts: [Tensor]) -> Tensor {
  precondition(!parts.isEmpty, "rowNorms: nothing to take the norm of")
  let rows = parts[0].shape[0]
  var sum = square(parts[0]).sum(axis: 1)
  for part in parts.dropFirst() { sum = sum + square(part).sum(axis: 1) }
  let squares = sum.reshaped([rows, 1])
  // √ has no derivative at 0: there the square is replaced by 1 and the result by 0.
  let isZero = Tensor(squares.doubles.map { $0 == 0 ? 1.0 : 0 }, shape: [rows, 1]).converted(to: squares.elementType)
  return sqrt(squares + isZero) - isZero
}
