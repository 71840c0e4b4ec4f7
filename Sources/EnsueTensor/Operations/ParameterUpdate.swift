// One optimiser step over one parameter: gradient, moments and values in a single pass, rows of zeros left out.

import EnsueKernels

/// What is done to each number of a parameter, with constants for this step. `scale` multiplies the gradient first.
package enum UpdateStep: Sendable {
  /// v ← momentum · v + g + decay · w; w ← w - rate · v.
  case descent(scale: Double, rate: Double, momentum: Double, decay: Double)
  /// Adam (Kingma and Ba 2015) with L2 in the gradient (`coupledDecay`) or apart from it (`decoupledDecay`).
  case adam(
    scale: Double, rate: Double, beta1: Double, beta2: Double, epsilon: Double, stepCount: Int, coupledDecay: Double,
    decoupledDecay: Double)

  /// Whether a number whose gradient and moments are zero stays as it is.
  package var leavesRestAlone: Bool {
    switch self {
    case .descent(_, _, _, let decay): decay == 0
    case .adam(_, _, _, _, _, _, let coupled, let decoupled): coupled == 0 && decoupled == 0
    }
  }

  fileprivate func apply(
    _ type: ElementType, _ w: UnsafeMutableRawPointer, _ g: UnsafeRawPointer, _ slots: [UnsafeMutableRawPointer],
    _ count: Int
  ) {
    switch self {
    case .descent(let scale, let rate, let momentum, let decay):
      ensue_sgd(type.kernel, w, g, slots.first, scale, rate, momentum, decay, count)
    case .adam(
      let scale, let rate, let beta1, let beta2, let epsilon, let stepCount, let coupledDecay, let decoupledDecay):
      var adam = EnsueAdam(
        scale: scale, rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon,
        correction1: 1 - power(beta1, stepCount), correction2: 1 - power(beta2, stepCount),
        coupledDecay: coupledDecay, decoupledDecay: decoupledDecay)
      ensue_adam(type.kernel, w, g, slots[0], slots[1], &adam, count)
    }
  }

  /// base^exponent by squaring: the same on every system, which `pow` need not be.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}

extension Tensor {
  /// Updates this parameter and its moments in place.
  package mutating func update(_ step: UpdateStep, gradient: Tensor, slots: inout [Tensor]) {
    precondition(gradient.shape == shape, "update: gradient \(gradient.shape) of a parameter \(shape)")
    let (type, count) = (elementType, count)
    withMutablePointers(of: &slots) { values, moments in
      ThreadPool.current.forPieces(of: count, grain: 1 << 14) { range in
        let offset = range.lowerBound * type.size
        step.apply(type, values + offset, gradient.pointer + offset, moments.map { $0 + offset }, range.count)
      }
    }
  }

  /// Updates `rows` of this parameter, in rising order: with the rows of `gradient` where it has them, else with zero.
  package mutating func update(_ step: UpdateStep, gradient: RowGradient, rows: [Int], slots: inout [Tensor]) {
    let (type, columns) = (elementType, shape.columns)
    let rowBytes = columns * type.size
    var slotOfRow = [Int32](repeating: -1, count: shape.rows)
    for (slot, id) in gradient.ids.enumerated() { slotOfRow[Int(id)] = Int32(slot) }
    // Neighbouring rows without a gradient go together: one call for each row would cost more than its numbers.
    let longestRun = max(1, (1 << 12) / max(1, columns))
    let zeros = Tensor.zeros([longestRun, columns], type)
    let slotsOfRows = slotOfRow
    withMutablePointers(of: &slots) { values, moments in
      ThreadPool.current.forPieces(of: rows.count, grain: max(1, (1 << 13) / max(1, columns))) { range in
        var index = range.lowerBound
        while index < range.upperBound {
          let row = rows[index]
          let slot = Int(slotsOfRows[row])
          var count = 1
          while slot < 0, count < longestRun, index + count < range.upperBound, rows[index + count] == row + count,
            slotsOfRows[row + count] < 0
          { count += 1 }
          let source = slot < 0 ? zeros.pointer : gradient.values.pointer + slot * rowBytes
          step.apply(type, values + row * rowBytes, source, moments.map { $0 + row * rowBytes }, count * columns)
          index += count
        }
      }
    }
  }

  private mutating func withMutablePointers(
    of slots: inout [Tensor], _ body: (UnsafeMutableRawPointer, [UnsafeMutableRawPointer]) -> Void
  ) {
    var moments: [UnsafeMutableRawPointer] = []
    // The pointers stay good: every slot is its memory's only owner and lives to the end of the call.
    for index in slots.indices { slots[index].withMutablePointer { moments.append($0) } }
    withMutablePointer { body($0, moments) }
  }
}
