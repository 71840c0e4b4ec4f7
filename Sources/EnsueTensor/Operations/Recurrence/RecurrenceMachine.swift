// Runs one pass of a cell's program over a packed batch: fills in where everything stands, deals the rows to threads,
// and lets each walk through all steps.

import EnsueKernels

/// What a pass is run on, in C structures that live as long as this object.
final class RecurrenceMachine: @unchecked Sendable {
  let operands: UnsafeMutablePointer<EnsueOperand>
  let offsets: [Int64]
  let shares: [Range<Int>]
  let scratch: Storage
  private let scratchStride: Int
  private(set) var base = EnsueRecurrence()
  private let packed: PackedProgram

  /// - Parameters:
  ///   - locate: where an operand stands.
  ///   - layout: the rows as steps.
  init(
    _ shared: SharedProgram, _ packed: PackedProgram, _ layout: PackedLayout, type: ElementType, isReverse: Bool,
    isBackward: Bool, locate: (CellOperand) -> EnsueOperand
  ) {
    let program = shared.program
    let pass = isBackward ? program.backward : program.forward
    (self.packed, offsets) = (packed, layout.offsets)
    let pieces = (program.hiddenSize + 159) / 160
    let units = program.normalizes ? program.hiddenSize : (program.hiddenSize + pieces - 1) / pieces
    let tileUnits = (units + 15) & ~15
    shares = RowShares(layout, rowWork: isBackward ? shared.backwardWork : shared.forwardWork).ranges
    // With a cache line between shares, so that threads do not share one.
    scratchStride = (pass.registerCount * Int(ENSUE_TILE_ROWS) * tileUnits + 16) * type.size
    scratch = Storage(byteCount: scratchStride * shares.count)
    operands = .allocate(capacity: max(1, pass.operands.count))
    for (index, operand) in pass.operands.enumerated() { operands[index] = locate(operand) }
    base.element = type.kernel
    base.reverse = isReverse ? 1 : 0
    base.backward = isBackward ? 1 : 0
    (base.units, base.tileUnits) = (program.hiddenSize, tileUnits)
    base.steps = layout.stepCount
    (base.phaseCount, base.joinedStride) = (packed.tables.phaseCount, program.joinedWidth)
    (base.operands, base.phases) = (UnsafePointer(operands), packed.tables.phases)
  }

  /// Copies [1 | x] into the rows of `joined` on the way.
  func joins(_ x: Tensor, into joined: Tensor) {
    base.input = x.pointer
    base.inputSize = x.shape[1]
    base.joined = joined.freshPointer
  }

  deinit { operands.deallocate() }

  func run(share: Int) {
    var recurrence = base
    recurrence.first = shares[share].lowerBound
    recurrence.last = shares[share].upperBound
    recurrence.scratch = scratch.pointer + share * scratchStride
    offsets.withUnsafeBufferPointer { offsets in
      recurrence.offsets = offsets.baseAddress
      ensue_recurrence(&recurrence)
    }
  }
}
