// A recurrent layer over a whole packed batch, in one operation: one product for the inputs of all steps, the
// recurrence by shares of rows without a barrier, and in the backward pass a few products over all steps.
// The cells are fused by hand in EnsueKernels.

import EnsueKernels

/// The hand-fused recurrences.
package enum FusedCell: Sendable {
  case tanh, relu, lstm, gru, gruResetAfter

  package var gateCount: Int {
    switch self {
    case .tanh, .relu: 1
    case .lstm: 4
    case .gru, .gruResetAfter: 3
    }
  }

  fileprivate var kernel: EnsueCell {
    switch self {
    case .tanh: EnsueCellTanh
    case .relu: EnsueCellReLU
    case .lstm: EnsueCellLSTM
    case .gru: EnsueCellGRU
    case .gruResetAfter: EnsueCellGRUResetAfter
    }
  }

  /// Whether a vector beside the gates is kept for the backward pass.
  fileprivate var hasExtra: Bool {
    switch self {
    case .tanh, .relu: false
    case .lstm, .gru, .gruResetAfter: true
    }
  }
}

/// The inputs of a recurrent layer. Shapes: G gates, H units.
package struct RecurrenceInputs: Sendable {
  /// [rows, input]
  package var x: Tensor
  /// [G·H, input]
  package var inputWeight: Tensor
  /// [G·H, H]
  package var recurrentWeight: Tensor
  /// [G·H]
  package var bias: Tensor
  /// [H]; of the GRU whose reset gate comes after the product.
  package var candidateBias: Tensor?
  /// [batch, H], longest first.
  package var initialHidden: Tensor
  /// [batch, H], longest first; of the LSTM.
  package var initialCell: Tensor?

  package init(
    x: Tensor, inputWeight: Tensor, recurrentWeight: Tensor, bias: Tensor, candidateBias: Tensor? = nil,
    initialHidden: Tensor, initialCell: Tensor? = nil
  ) {
    (self.x, self.inputWeight, self.recurrentWeight, self.bias) = (x, inputWeight, recurrentWeight, bias)
    (self.candidateBias, self.initialHidden, self.initialCell) = (candidateBias, initialHidden, initialCell)
  }

  fileprivate var all: [Tensor] {
    [x, inputWeight, recurrentWeight, bias, initialHidden] + [candidateBias, initialCell].compactMap { $0 }
  }

  fileprivate var detached: RecurrenceInputs {
    RecurrenceInputs(
      x: x.detached, inputWeight: inputWeight.detached, recurrentWeight: recurrentWeight.detached, bias: bias.detached,
      candidateBias: candidateBias?.detached, initialHidden: initialHidden.detached, initialCell: initialCell?.detached)
  }
}

/// Runs a recurrent layer.
/// - Returns: h after each step, [rows, H], and for the LSTM c after each step.
package func recurrence(
  _ cell: FusedCell, _ inputs: RecurrenceInputs, layout: PackedLayout, isReverse: Bool
) -> (hidden: Tensor, cell: Tensor?) {
  let plan = RecurrencePlan(cell: cell, inputs: inputs.detached, layout: layout, isReverse: isReverse)
  let run = plan.forward()
  let results = cell == .lstm ? [run.output, run.extra] : [run.output]
  let needsInput = inputs.x.isTracked
  let recorded = Tensor.recorded("recurrence", inputs.all, results: results) { gradients in
    plan.backward(
      run, outputGradient: gradients[0], cellGradient: gradients.count > 1 ? gradients[1] : nil, needsInput: needsInput)
  }
  return (recorded[0], cell == .lstm ? recorded[1] : nil)
}

/// What the forward pass leaves for the backward pass.
private struct RecurrenceRun: Sendable {
  let gates: Tensor
  let extra: Tensor
  let previous: Tensor
  let output: Tensor
}

private struct RecurrencePlan: Sendable {
  let cell: FusedCell
  let inputs: RecurrenceInputs
  let layout: PackedLayout
  let isReverse: Bool
  let hidden: Int
  let width: Int
  let type: ElementType

  init(cell: FusedCell, inputs: RecurrenceInputs, layout: PackedLayout, isReverse: Bool) {
    (self.cell, self.inputs, self.layout, self.isReverse) = (cell, inputs, layout, isReverse)
    hidden = inputs.recurrentWeight.shape[1]
    width = cell.gateCount * hidden
    type = inputs.x.elementType
    precondition(
      inputs.x.shape == [layout.rowCount, inputs.inputWeight.shape[1]] && inputs.inputWeight.shape[0] == width
        && inputs.recurrentWeight.shape == [width, hidden] && inputs.bias.shape == [width]
        && inputs.initialHidden.shape == [layout.batchSize, hidden]
        && inputs.initialCell?.shape == (cell == .lstm ? [layout.batchSize, hidden] : nil)
        && inputs.candidateBias?.shape == (cell == .gruResetAfter ? [hidden] : nil)
        && inputs.all.allSatisfy { $0.elementType == inputs.x.elementType },
      """
      recurrence: input \(inputs.x.shape), weights \(inputs.inputWeight.shape) and \(inputs.recurrentWeight.shape), \
      bias \(inputs.bias.shape) and state \(inputs.initialHidden.shape) do not fit \(layout.rowCount) rows
      """)
  }

  /// The columns of the recurrent weight that make one product with h: the GRU's candidate takes r ⊙ h instead.
  private var statePartWidth: Int { cell == .gru ? 2 * hidden : width }
  private var shareCount: Int { min(ThreadPool.current.threadCount, layout.batchSize) }

  /// One share of the rows, ready for the kernel but for what differs between the passes.
  private func share(
    _ index: Int, of shares: Int, _ run: RecurrenceRun, weight: PackedMatrix, candidate: PackedMatrix?,
    scratch: Tensor, offsets: UnsafePointer<Int64>
  ) -> EnsueRecurrence {
    var share = EnsueRecurrence()
    share.element = type.kernel
    share.cell = cell.kernel
    share.reverse = isReverse ? 1 : 0
    share.hidden = hidden
    share.steps = layout.stepCount
    share.offsets = offsets
    share.first = index
    share.step = shares
    share.weight = weight.pointer
    share.candidate = candidate?.pointer
    share.candidateBias = inputs.candidateBias?.pointer
    share.initialHidden = inputs.initialHidden.pointer
    share.initialCell = inputs.initialCell?.pointer
    share.gates = run.gates.freshPointer
    share.extra = run.extra.freshPointer
    share.previous = run.previous.freshPointer
    share.output = run.output.freshPointer
    share.scratch = scratch.freshPointer + index * scratch.shape[1] * type.size
    return share
  }

  private func makeScratch(_ shares: Int) -> Tensor {
    // With a cache line between shares, so that threads do not share one.
    Tensor(uninitialized: [shares, (layout.batchSize / shares + 1) * 3 * hidden + 16], type)
  }

  func forward() -> RecurrenceRun {
    let run = RecurrenceRun(
      gates: Tensor(uninitialized: [layout.rowCount, width], type),
      extra: Tensor(uninitialized: [cell.hasExtra ? layout.rowCount : 0, hidden], type),
      previous: Tensor(uninitialized: [layout.rowCount, hidden], type),
      output: Tensor(uninitialized: [layout.rowCount, hidden], type))
    PackedMatrix(inputs.inputWeight, transposed: true).multiply(inputs.x, bias: inputs.bias, into: run.gates)
    let weight = PackedMatrix(inputs.recurrentWeight, transposed: true, columns: 0..<statePartWidth)
    let candidate =
      cell == .gru ? PackedMatrix(inputs.recurrentWeight, transposed: true, columns: 2 * hidden..<3 * hidden) : nil
    let shares = shareCount
    let scratch = makeScratch(shares)
    layout.offsets.withUnsafeBufferPointer { offsets in
      ThreadPool.current.run(shares: shares) { index in
        guard let base = offsets.baseAddress else { return }
        var share = share(
          index, of: shares, run, weight: weight, candidate: candidate, scratch: scratch, offsets: base)
        ensue_recurrence(&share)
      }
    }
    return run
  }

  func backward(_ run: RecurrenceRun, outputGradient: Tensor?, cellGradient: Tensor?, needsInput: Bool) -> [Gradient?] {
    let gateGradient = Tensor(uninitialized: [layout.rowCount, width], type)
    let recurrentGradient = cell == .gruResetAfter ? Tensor(uninitialized: gateGradient.shape, type) : gateGradient
    let hiddenCarry = Tensor.zeros([layout.batchSize, hidden], type)
    let cellCarry = Tensor.zeros([cell == .lstm ? layout.batchSize : 0, hidden], type)
    // Rows of the weight, not its transpose: from gate gradients back to h.
    let weight = PackedMatrix(inputs.recurrentWeight.firstRows(statePartWidth), transposed: false)
    let candidate =
      cell == .gru
      ? PackedMatrix(inputs.recurrentWeight.sliced(2 * hidden..<3 * hidden, axis: 0), transposed: false) : nil
    let shares = shareCount
    let scratch = makeScratch(shares)
    layout.offsets.withUnsafeBufferPointer { offsets in
      ThreadPool.current.run(shares: shares) { index in
        guard let base = offsets.baseAddress else { return }
        var gradient = EnsueRecurrenceGradient()
        gradient.recurrence = share(
          index, of: shares, run, weight: weight, candidate: candidate, scratch: scratch, offsets: base)
        gradient.outputGradient = outputGradient?.pointer
        gradient.cellGradient = cellGradient?.pointer
        gradient.gateGradient = gateGradient.freshPointer
        gradient.recurrentGradient = recurrentGradient.freshPointer
        gradient.hiddenCarry = hiddenCarry.freshPointer
        gradient.cellCarry = cellCarry.freshPointer
        ensue_recurrence_gradient(&gradient)
      }
    }
    var gradients: [Gradient?] = [
      needsInput ? .dense(MatrixProduct(gateGradient, inputs.inputWeight, false, false).computed()) : nil,
      .dense(MatrixProduct(gateGradient, inputs.x, true, false).computed()),
      .dense(recurrentWeightGradient(run, recurrentGradient)),
      .dense(gateGradient.sumValues(axis: 0)),
      .dense(hiddenCarry),
    ]
    if cell == .gruResetAfter {
      gradients.append(.dense(recurrentGradient.sumValues(axis: 0).sliced(2 * hidden..<3 * hidden)))
    }
    if cell == .lstm { gradients.append(.dense(cellCarry)) }
    return gradients
  }

  private func recurrentWeightGradient(_ run: RecurrenceRun, _ recurrentGradient: Tensor) -> Tensor {
    guard cell == .gru else { return MatrixProduct(recurrentGradient, run.previous, true, false).computed() }
    let state = MatrixProduct(recurrentGradient.sliced(0..<2 * hidden), run.previous, true, false).computed()
    let candidate = MatrixProduct(
      recurrentGradient.sliced(2 * hidden..<3 * hidden), run.extra, true, false
    ).computed()
    return concatenated([state, candidate], axis: 0)
  }
}

extension Tensor {
  /// The first rows of a matrix, in the same memory.
  fileprivate func firstRows(_ count: Int) -> Tensor { viewed(as: [count, shape[1]]) }
}
