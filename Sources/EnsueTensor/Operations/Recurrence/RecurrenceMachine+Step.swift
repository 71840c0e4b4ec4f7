// One step of a machine again and again: what stands where does not change, and nothing is allocated.

import EnsueKernels

extension RecurrenceMachine {
  /// Runs the only step of a layout of one step, products with their columns dealt to threads.
  /// - Parameter batchSize: the rows of the step.
  func runStep(batchSize: Int, _ type: ElementType) {
    for index in 0..<base.phaseCount {
      let phase = base.phases[index]
      if phase.instructionCount > 0 { runInstructions(of: phase, batchSize: batchSize) }
      for number in 0..<phase.productCount { run(phase.products[number], batchSize: batchSize, type) }
    }
  }

  private func runInstructions(of phase: EnsuePhase, batchSize: Int) {
    var phase = phase
    phase.productCount = 0
    var recurrence = base
    // [1 | x] is there already.
    recurrence.input = nil
    (recurrence.first, recurrence.last) = (0, batchSize)
    recurrence.scratch = scratch.pointer
    recurrence.phaseCount = 1
    withUnsafePointer(to: &phase) { phase in
      offsets.withUnsafeBufferPointer { offsets in
        recurrence.phases = phase
        recurrence.offsets = offsets.baseAddress
        ensue_recurrence(&recurrence)
      }
    }
  }

  private func run(_ product: EnsueProduct, batchSize: Int, _ type: ElementType) {
    let (source, target) = (operands[Int(product.source)], operands[Int(product.target)])
    guard let a = source.kind == EnsueOperandBefore ? source.initial : source.base, let c = target.base else {
      preconditionFailure("a product of a step reads and writes rows")
    }
    ColumnProduct(
      type: type, weight: product.weight, bias: product.bias, depth: product.depth, columns: product.columns,
      accumulates: product.accumulates != 0
    ).multiply(a, source.stride, into: c, target.stride, rows: batchSize)
  }
}
