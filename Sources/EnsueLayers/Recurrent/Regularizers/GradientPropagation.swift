// The regulariser that keeps gradients from vanishing on their way through time (Pascanu, Mikolov and Bengio, On the
// difficulty of training recurrent neural networks, ICML 2013, equations 9 and 10), for any cell.

import EnsueTensor

/// Ω = Σ_k (‖∂E/∂s_{k+1} · ∂s_{k+1}/∂s_k‖ / ‖∂E/∂s_{k+1}‖ − 1)², where s joins all states of the cell.
///
/// As in the paper the gradient goes through ∂s_{k+1}/∂s_k at the given states and inputs only: ∂E/∂s_{k+1}, the states
/// and the inputs count as numbers. A value of this type holds these; `penalty` then depends on the weights alone.
///
///     let propagation = GradientPropagation(run, of: cell, input: input, from: state) { output in loss(of: output) }
///     return loss(of: run.output) + 0.1 * propagation.penalty(cell)
public struct GradientPropagation: Sendable {
  private let input: PackedSequence
  private let before: [Tensor]
  /// ∂E/∂s_{k+1} at every row, of length 1 over all states; zeros where it vanished.
  private let directions: [Tensor]
  /// [rows, 1]: 0 for the rows whose gradient vanished, which have no direction and are left out.
  private let counts: Tensor

  /// - Parameters:
  ///   - run: what `cell` made of `input` from `state`.
  ///   - loss: E from the cell's output.
  public init(
    _ run: RecurrentRun, of cell: RecurrentCell, input: PackedSequence, from state: RecurrentState,
    loss: (PackedSequence) -> Tensor
  ) {
    let gradients = StateGradients(of: loss, through: run, of: cell, input: input, from: state)
    self.init(gradients, run, input: input, from: state)
  }

  /// The same with ∂E/∂s known already.
  public init(_ gradients: StateGradients, _ run: RecurrentRun, input: PackedSequence, from state: RecurrentState) {
    self.input = input.replacingValues(input.values.detached)
    before = run.statesBefore(from: state)
    (directions, counts) = GradientPropagation.unitRows(gradients.states.map(\.values))
  }

  /// Ω, summed over the steps of a sequence and averaged over sequences: a tensor of shape [].
  public func penalty(_ cell: RecurrentCell) -> Tensor {
    let step = FormulaInterpreter(cell).step(input.values, from: before)
    let seeds = zip(cell.formula.states, directions).map { (value: $0 + "'", gradient: $1) }
    let ratios = rowNorms(step.stateGradients(of: seeds))
    return input.replacingValues(square(ratios - 1) * counts).sum().mean()
  }

  /// Each row over all parts divided by its length, first by its largest number: gradients may be very small.
  private static func unitRows(_ parts: [Tensor]) -> ([Tensor], counts: Tensor) {
    let (rows, columns, type) = (parts[0].shape[0], parts[0].shape[1], parts[0].elementType)
    var values = parts.map(\.doubles)
    var counts = [Double](repeating: 0, count: rows)
    for row in 0..<rows {
      let places = row * columns..<(row + 1) * columns
      let largest = values.reduce(0.0) { places.reduce($0) { [part = $1] in max($0, abs(part[$1])) } }
      guard largest > 0 else { continue }
      let squares = values.reduce(0.0) { sum, part in
        places.reduce(sum) { $0 + (part[$1] / largest) * (part[$1] / largest) }
      }
      for part in values.indices {
        for place in places { values[part][place] = values[part][place] / largest / squares.squareRoot() }
      }
      counts[row] = 1
    }
    return (
      values.map { Tensor($0, shape: [rows, columns]).converted(to: type) },
      Tensor(counts, shape: [rows, 1]).converted(to: type)
    )
  }
}
