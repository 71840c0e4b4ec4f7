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

  /// Whether sharing the weights of every step is worth two meetings of the threads for every phase.
  static func sharesWeights(_ program: CellProgram, _ pass: CellPass, _ layout: PackedLayout, _ type: ElementType)
    -> Bool
  {
    let threads = ThreadPool.current.threadCount
    return threads > 1 && !program.normalizes && layout.batchSize < manyRows * threads
      && pass.weightCount * type.size > largeWeights
  }

  /// Takes all steps. Bit for bit what shares of the rows give.
  func runTogether() {
    let counts = (0..<base.phaseCount).map { columnParts(of: base.phases[$0]) }
    if unitParts == 1, counts.allSatisfy({ $0 == 1 }) {
      run(rows: 0..<rowCount, scratch: scratch(0))
      return
    }
    for step in 0..<base.steps {
      var input = base.input
      for index in 0..<base.phaseCount {
        var phase = base.phases[index]
        let (instructions, products) = (phase.instructionCount, phase.productCount)
        if instructions > 0 || input != nil {
          phase.productCount = 0
          run(phase, step: step, parts: unitParts, input: input)
          input = nil
        }
        (phase.instructionCount, phase.productCount) = (0, products)
        if products > 0 { run(phase, step: step, parts: counts[index], input: nil) }
      }
    }
  }

  private var rowCount: Int { shares.last?.upperBound ?? 0 }

  private var unitParts: Int {
    base.units * rowCount < RecurrenceMachine.manyUnits ? 1 : partLimit
  }

  private func columnParts(of phase: EnsuePhase) -> Int {
    let work = (0..<phase.productCount).reduce(0) { $0 + phase.products[$1].depth * phase.products[$1].columns }
    return max(1, min(partLimit, work / RecurrenceMachine.smallestShare))
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
