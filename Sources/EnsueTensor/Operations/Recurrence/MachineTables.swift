// A pass of a cell's program in the form the machine reads.

import EnsueKernels

/// The phases of a pass: instructions, and products with their packed weights. The C structures live as long as this
/// object.
final class MachineTables: @unchecked Sendable {
  let phases: UnsafePointer<EnsuePhase>
  let phaseCount: Int
  private let phaseMemory: UnsafeMutablePointer<EnsuePhase>
  private let productMemory: UnsafeMutablePointer<EnsueProduct>
  private let instructionMemory: UnsafeMutablePointer<EnsueInstruction>
  /// The owners of the weights.
  private let products: [PackedProduct]

  /// - Parameter products: those of all phases, in order; none where a cell has no matrix.
  init(_ pass: CellPass, products: [PackedProduct]) {
    self.products = products
    phaseCount = pass.phases.count
    phaseMemory = .allocate(capacity: max(1, phaseCount))
    productMemory = .allocate(capacity: max(1, products.count))
    instructionMemory = .allocate(capacity: max(1, pass.kernelInstructions.reduce(0) { $0 + $1.count }))
    phases = UnsafePointer(phaseMemory)
    var (nextProduct, nextInstruction) = (productMemory, instructionMemory)
    var rest = products[...]
    for index in 0..<phaseCount {
      let (code, operands) = (pass.kernelInstructions[index], pass.productOperands[index])
      let packed = rest.prefix(operands.count)
      rest = rest.dropFirst(operands.count)
      phaseMemory[index] = EnsuePhase(
        moves: nil, moveCount: 0, instructions: nextInstruction, instructionCount: code.count, products: nextProduct,
        productCount: packed.count, attention: nil)
      for instruction in code {
        nextInstruction.initialize(to: instruction)
        nextInstruction += 1
      }
      for (product, operands) in zip(packed, operands) {
        nextProduct.initialize(to: product.kernel(operands))
        nextProduct += 1
      }
    }
  }

  deinit {
    phaseMemory.deallocate()
    productMemory.deallocate()
    instructionMemory.deallocate()
  }
}
