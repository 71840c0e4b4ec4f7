// How a loss depends on the states at every step: back-propagation through time written out (Werbos 1990), step by step
// with the interpreter. For experiments and regularisers; training itself goes through the machine.

import EnsueTensor

/// ∂L/∂s_t for every state of a cell after every step, later steps included:
/// λ_t = ∂L/∂s_t (direct) + J_{t+1}ᵀ λ_{t+1}, J_{t+1} = ∂s_{t+1}/∂s_t, where s joins all states of the formula.
public struct StateGradients: Sendable {
  /// λ after each step, [rows, H], for each state in the formula's order.
  public let states: [PackedSequence]
  /// λ before the first step: [batch, H], longest sequence first.
  public let initial: [Tensor]

  /// - Parameters:
  ///   - loss: of the cell's output; a tensor of one number. What it does with the output (other layers, a linear layer)
  ///     is its own.
  ///   - run: what `cell` made of `input` from `state`.
  public init(
    of loss: (PackedSequence) -> Tensor, through run: RecurrentRun, of cell: RecurrentCell, input: PackedSequence,
    from state: RecurrentState
  ) {
    let output = run.output.values.detached.asLeaf
    let direct =
      loss(run.output.replacingValues(output)).gradients(of: [output])[0]?.dense
      ?? .zeros(output.shape, output.elementType)
    self.init(direct: direct, through: run, of: cell, input: input, from: state)
  }

  /// The same where it is known how the loss depends on the output.
  /// - Parameter direct: ∂L/∂output after each step, [rows, H], without what goes through later steps of the cell.
  public init(
    direct: Tensor, through run: RecurrentRun, of cell: RecurrentCell, input: PackedSequence,
    from state: RecurrentState
  ) {
    let before = run.statesBefore(from: state)
    // Its gradients are wanted as numbers: no record of how they were made.
    var fixed = cell.converted(to: direct.elementType)
    fixed.forEachParameter { _, tensor, _ in tensor = tensor.detached }
    let interpreter = FormulaInterpreter(fixed)
    let layout = input.layout
    let names = cell.formula.states.map { $0 + "'" }
    let ownState = names.firstIndex(of: cell.formula.output)

    var carried: [Tensor] = []
    var dropped: [[Tensor]] = []
    var found = [[Tensor]](repeating: [], count: layout.stepCount)
    let steps = Array(0..<layout.stepCount)
    for step in run.direction == .forward ? steps.reversed() : steps {
      let first = layout.row(step: step, position: 0)
      let rows = first..<first + layout.aliveCount(at: step)
      let here = direct.sliced(rows, axis: 0)
      if let alive = carried.first?.shape[0], alive > rows.count {
        // Read from its end, a shorter sequence begins here: what is left goes to its initial state.
        dropped.append(carried.map { $0.sliced(rows.count..<alive, axis: 0) })
      }
      let arriving = names.indices.map { state in
        let later = carried.isEmpty ? nil : StateGradients.fitted(carried[state], to: rows.count)
        let own = state == ownState ? here : nil
        return later.map { sum in own.map { sum + $0 } ?? sum } ?? own ?? .zeros(here.shape, here.elementType)
      }
      found[step] = arriving
      var seeds = zip(names, arriving).map { (value: $0, gradient: $1) }
      if ownState == nil { seeds.append((cell.formula.output, here)) }
      carried = interpreter.step(
        input.values.detached.sliced(rows, axis: 0), from: before.map { $0.sliced(rows, axis: 0) }
      )
      .stateGradients(of: seeds)
    }
    initial = carried.indices.map { state in
      concatenated([carried[state]] + dropped.reversed().map { $0[state] }, axis: 0)
    }
    states = names.indices.map { state in
      input.replacingValues(concatenated(found.map { $0[state] }, axis: 0))
    }
  }

  /// The first rows, or all rows and zeros after them.
  private static func fitted(_ tensor: Tensor, to rows: Int) -> Tensor {
    let count = tensor.shape[0]
    if count == rows { return tensor }
    if count > rows { return tensor.sliced(0..<rows, axis: 0) }
    return concatenated([tensor, .zeros([rows - count, tensor.shape[1]], tensor.elementType)], axis: 0)
  }
}

extension RecurrentRun {
  /// The states before each step, [rows, H], as numbers: in the formula's order.
  /// - Parameter state: before the first step.
  public func statesBefore(from state: RecurrentState) -> [Tensor] {
    zip(states, state.tensors).map { sequence, initial in
      sequence.replacingValues(sequence.values.detached).before(from: initial.detached, direction: direction).values
    }
  }
}
