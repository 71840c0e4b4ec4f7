// Where packed rows stand.

extension PackedLayout {
  /// The step of each row: [rows, 1].
  /// - Parameter first: of the first rows.
  package func steps(from first: Int = 1, _ type: ElementType) -> Tensor {
    let steps = (0..<stepCount).flatMap { step in
      [Double](repeating: Double(step + first), count: aliveCount(at: step))
    }
    return Tensor(steps, shape: [rowCount, 1]).converted(to: type)
  }
}
