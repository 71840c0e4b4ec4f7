// The phases of a loop of several cells and an attention, in the form the machine reads.

import EnsueKernels

/// A product between two operands of a table.
struct LoopProduct {
  let packed: PackedProduct
  let source: Int32
  let target: Int32
}

/// The parts of a phase in their order; the attention's operands are in the table.
struct LoopPhase {
  var moves: [EnsueMove] = []
  var instructions: [EnsueInstruction] = []
  var products: [LoopProduct] = []
  var attention: EnsueStepAttention?
  /// Of the attention's hidden layers.
  var hidden: [PackedProduct] = []
}

/// Collects phases, then holds them in C structures as long as it lives.
final class LoopTables: @unchecked Sendable {
  private var operandList: [EnsueOperand] = []
  private var phaseList: [LoopPhase] = []
  private(set) var registerCount = 1

  /// The index of a new operand.
  func operand(_ operand: EnsueOperand) -> Int32 {
    operandList.append(operand)
    return Int32(operandList.count - 1)
  }

  func add(_ phase: LoopPhase) { phaseList.append(phase) }

  /// The phases of a cell.
  /// - Parameter products: of all its phases, in order.
  func add(_ pass: CellPass, products: [PackedProduct], locate: (CellOperand) -> EnsueOperand) {
    let base = Int32(operandList.count)
    operandList += pass.operands.map(locate)
    registerCount = max(registerCount, pass.registerCount)
    var rest = products[...]
    for (code, operands) in zip(pass.kernelInstructions, pass.productOperands) {
      let packed = rest.prefix(operands.count)
      rest = rest.dropFirst(operands.count)
      add(
        LoopPhase(
          instructions: code.map {
            EnsueInstruction(code: $0.code, target: $0.target + base, a: $0.a + base, b: $0.b + base, c: $0.c + base)
          },
          products: zip(packed, operands).map {
            LoopProduct(packed: $0, source: $1.source + base, target: $1.target + base)
          }))
    }
  }

  // MARK: For the machine

  private(set) var operands: UnsafeMutablePointer<EnsueOperand>?
  private(set) var phases: UnsafeMutablePointer<EnsuePhase>?
  private var blocks: [UnsafeMutableRawPointer] = []
  var phaseCount: Int { phaseList.count }

  /// Lays everything out; nothing is added afterwards.
  func freeze() {
    operands = copied(operandList)
    phases = copied(
      phaseList.map { phase -> EnsuePhase in
        var attention = phase.attention
        attention?.layers = UnsafePointer(copied(phase.hidden.map { $0.kernel((source: 0, target: 0)) }))
        return EnsuePhase(
          moves: copied(phase.moves), moveCount: phase.moves.count, instructions: copied(phase.instructions),
          instructionCount: phase.instructions.count,
          products: copied(phase.products.map { $0.packed.kernel(($0.source, $0.target)) }),
          productCount: phase.products.count, attention: copied(attention.map { [$0] } ?? []))
      })
  }

  private func copied<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element>? {
    guard !elements.isEmpty else { return nil }
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: elements.count)
    memory.initialize(from: elements, count: elements.count)
    blocks.append(UnsafeMutableRawPointer(memory))
    return memory
  }

  deinit { for block in blocks { block.deallocate() } }
}
