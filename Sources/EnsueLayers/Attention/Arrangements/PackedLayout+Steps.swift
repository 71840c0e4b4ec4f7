// Where packed rows stand.

import EnsueTensor

extension PackedLayout {
  /// The step of each row, counted from 1: [rows, 1].
  func steps(_ type: ElementType) -> Tensor {
    let steps = (0..<stepCount).flatMap { step in [Double](repeating: Double(step + 1), count: aliveCount(at: step)) }
    return Tensor(steps, shape: [rowCount, 1]).converted(to: type)
  }
}
