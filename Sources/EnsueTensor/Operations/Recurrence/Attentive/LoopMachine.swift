// Runs the phases of a loop over a packed batch: each thread takes a share of the sequences through all steps.

import EnsueKernels

/// A pass over all steps.
struct LoopMachine {
  let tables: LoopTables
  let call: AttentiveCall
  let isBackward: Bool
  /// The first layer's [1 | x | …], to which x is copied on the way; nil where it is there.
  var joined: Tensor?

  func run() {
    tables.freeze()
    let program = call.layers[0].program.program
    let normalizes = call.layers.contains { $0.program.program.normalizes }
    let pieces = (program.hiddenSize + 159) / 160
    let units = normalizes ? program.hiddenSize : (program.hiddenSize + pieces - 1) / pieces
    let (tileUnits, type) = ((units + 15) & ~15, call.x.elementType)
    let shares = RowShares(call.layout, rowWork: rowWork).ranges
    // With a cache line between shares, so that threads do not share one.
    let stride = (tables.registerCount * Int(ENSUE_TILE_ROWS) * tileUnits + 16) * type.size
    let attentionStride = (2 * call.keys.largestCount + call.querySize) * MemoryLayout<Double>.size + 64
    let scratch = Storage(byteCount: stride * shares.count)
    let attentionScratch = Storage(byteCount: attentionStride * shares.count)
    var base = EnsueRecurrence()
    base.element = type.kernel
    base.backward = isBackward ? 1 : 0
    (base.units, base.tileUnits, base.steps) = (program.hiddenSize, tileUnits, call.layout.stepCount)
    base.operands = UnsafePointer(tables.operands)
    (base.phases, base.phaseCount) = (UnsafePointer(tables.phases), tables.phaseCount)
    if let joined {
      (base.input, base.inputSize) = (call.x.pointer, call.x.shape[1])
      (base.joined, base.joinedStride) = (joined.freshPointer, joined.shape[1])
    }
    let whole = base
    call.layout.offsets.withUnsafeBufferPointer { offsets in
      ThreadPool.current.run(shares: shares.count) { share in
        var recurrence = whole
        recurrence.offsets = offsets.baseAddress
        (recurrence.first, recurrence.last) = (shares[share].lowerBound, shares[share].upperBound)
        recurrence.scratch = scratch.pointer + share * stride
        recurrence.attentionScratch = (attentionScratch.pointer + share * attentionStride)
          .assumingMemoryBound(to: Double.self)
        ensue_recurrence(&recurrence)
      }
    }
    withExtendedLifetime((tables, scratch, attentionScratch)) {}
  }

  /// Multiplications for one row of one step, roughly.
  private var rowWork: Int {
    let cells = call.layers.reduce(0) { $0 + (isBackward ? $1.program.backwardWork : $1.program.forwardWork) }
    let hidden = call.score.layers.count * call.querySize * call.querySize
    let pairs = 2 * call.keys.largestCount * (8 * call.prepared.shape[1] + call.values.shape[1] + hidden)
    return cells + pairs + call.fedSize * 3 * call.hiddenSize
  }
}
