// All threads at one phase of one step after another: each has some of the units and of the columns. For cells whose
// weights no core's cache holds, of which each thread then reads its part only, and for one step of a few rows.

import EnsueKernels

extension RecurrenceMachine {
  /// Bytes of the weights of a step's products from which on threads share them: those of a second-level cache.
  private static let largeWeights = 2 << 20
  /// Rows for each thread from which on a panel of the weights, once read, is used often enough.
  private static let manyRows = 32
  /// Numbers of a matrix that a thread has to itself at least: 1 MiB in 32 bits, read in some twenty microseconds. The
  /// threads meet in two or three.
  private static let smallestShare = 1 << 18
  /// Units of all rows from which on instructions are dealt.
  private static let manyUnits = 1 << 12

  /// Whether sharing the weights of every step is worth a meeting of the threads after every phase's instructions and
  /// each of its products.
  static func sharesWeights(_ program: CellProgram, _ pass: CellPass, _ layout: PackedLayout, _ type: ElementType)
    -> Bool
  {
    let threads = ThreadPool.current.threadCount
    return threads > 1 && !program.normalizes && layout.batchSize < manyRows * threads
      && pass.weightCount * type.size > largeWeights
  }

  /// Takes all steps. Bit for bit what shares of the rows give.
  func runTogether() {
    let phases = UnsafeBufferPointer(start: base.phases, count: base.phaseCount)
    if unitParts == 1, phases.allSatisfy({ products(of: $0).allSatisfy { columnParts(of: $0) == 1 } }) {
      run(rows: 0..<rowCount, scratch: scratch(0))
      return
    }
    for step in 0..<base.steps {
      var input = base.input
      for var phase in phases {
        let products = products(of: phase)
        phase.productCount = 0
        if phase.instructionCount > 0 || input != nil {
          run(phase, step: step, parts: unitParts, input: input)
          input = nil
        }
        // One after another: a product may add to what the one before it gave, or read it.
        (phase.instructionCount, phase.productCount) = (0, 1)
        for product in products.indices {
          phase.products = products.baseAddress.map { $0 + product }
          run(phase, step: step, parts: columnParts(of: products[product]), input: nil)
        }
      }
    }
  }

  private var rowCount: Int { shares.last?.upperBound ?? 0 }

  private var unitParts: Int {
    base.units * rowCount < RecurrenceMachine.manyUnits ? 1 : partLimit
  }

  private func products(of phase: EnsuePhase) -> UnsafeBufferPointer<EnsueProduct> {
    UnsafeBufferPointer(start: phase.products, count: phase.productCount)
  }

  private func columnParts(of product: EnsueProduct) -> Int {
    max(1, min(partLimit, product.depth * product.columns / RecurrenceMachine.smallestShare))
  }

  private func run(_ phase: EnsuePhase, step: Int, parts: Int, input: UnsafeRawPointer?) {
    withUnsafePointer(to: phase) { phase in
      offsets.withUnsafeBufferPointer { offsets in
        var recurrence = base
        (recurrence.phases, recurrence.phaseCount, recurrence.input) = (phase, 1, input)
        (recurrence.firstStep, recurrence.lastStep, recurrence.parts) = (step, step + 1, parts)
        (recurrence.first, recurrence.last) = (0, rowCount)
        recurrence.offsets = offsets.baseAddress
        let whole = recurrence
        ThreadPool.current.run(shares: parts) { part in
          var recurrence = whole
          recurrence.part = part
          recurrence.scratch = scratch(part)
          ensue_recurrence(&recurrence)
        }
      }
    }
  }
}
