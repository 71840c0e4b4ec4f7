// A cell's weights in the form its products read them.

import EnsueKernels

/// A product with its weights packed.
struct PackedProduct {
  let product: CellProduct
  let weight: Storage
  let bias: Tensor?

  func kernel(_ operands: (source: Int32, target: Int32)) -> EnsueProduct {
    EnsueProduct(
      weight: UnsafeRawPointer(weight.pointer), bias: bias?.pointer, depth: product.depth, columns: product.columns,
      source: operands.source, target: operands.target,
      accumulates: product.accumulates ? 1 : 0)
  }
}

/// The packed weights of one pass and its program as the machine reads it. They are read only once made, by many
/// threads and, where the weights stay as they are, by many runs.
package final class PackedProgram: @unchecked Sendable {
  let inputProducts: [PackedProduct]
  let tables: MachineTables
  /// [constants, H]
  let constants: Tensor

  /// Packs for the forward pass.
  package convenience init(forward program: CellProgram, matrices: [Tensor], vectors: [Tensor]) {
    let type = (matrices.first ?? vectors.first)?.elementType ?? .float32
    self.init(
      inputProducts: program.inputProducts, pass: program.forward, transposed: true, matrices: matrices,
      vectors: vectors, constants: PackedProgram.constants(program, type))
  }

  /// Packs for the backward pass; `inputProducts` are those of the input's gradient.
  convenience init(backward program: CellProgram, matrices: [Tensor], needsInput: Bool, constants: Tensor) {
    self.init(
      inputProducts: needsInput ? program.inputGradients : [], pass: program.backward, transposed: false,
      matrices: matrices, vectors: [], constants: constants)
  }

  private init(
    inputProducts: [CellProduct], pass: CellPass, transposed: Bool, matrices: [Tensor], vectors: [Tensor],
    constants: Tensor
  ) {
    self.constants = constants
    let packed = PackedProgram.packed(
      inputProducts + pass.phases.flatMap(\.products), transposed: transposed, matrices: matrices, vectors: vectors)
    self.inputProducts = Array(packed.prefix(inputProducts.count))
    tables = MachineTables(pass, products: Array(packed.dropFirst(inputProducts.count)))
  }

  /// Products with their weights packed; none where there is no matrix.
  static func packed(
    _ products: [CellProduct], transposed: Bool, matrices: [Tensor], vectors: [Tensor]
  ) -> [PackedProduct] {
    guard let type = matrices.first?.elementType else { return [] }
    let packed = products.map { product in
      PackedProduct(
        product: product,
        weight: Storage(
          byteCount: ensue_packed_count(type.kernel, product.depth, product.columns) * type.size),
        bias: product.biases.isEmpty ? nil : PackedProgram.bias(product, vectors, type))
    }
    let tasks = packed.indices.flatMap { index in packed[index].product.blocks.map { (index, $0) } }
    ThreadPool.current.forPieces(of: tasks.count, grain: packed.count < 8 && matrices[0].count < 1 << 14 ? 8 : 1) {
      range in
      for task in tasks[range] {
        let (target, matrix) = (packed[task.0], matrices[task.1.matrix])
        let (rows, columns) = (matrix.shape[0], matrix.shape[1])
        let part = task.1.part ?? 0..<columns
        ensue_pack_block(
          type.kernel, matrix.pointer + part.lowerBound * type.size, columns, transposed ? 1 : 0,
          transposed ? part.count : rows, transposed ? rows : part.count, task.1.depthOffset, task.1.columnOffset,
          target.product.depth, target.product.columns, target.weight.pointer)
      }
    }
    return packed
  }

  static func constants(_ program: CellProgram, _ type: ElementType) -> Tensor {
    let hidden = program.hiddenSize
    let result = Tensor(uninitialized: [max(1, program.constants.count), hidden], type)
    for (index, value) in program.constants.enumerated() {
      ensue_fill(type.kernel, value, result.freshPointer + index * hidden * type.size, hidden)
    }
    return result
  }

  private static func bias(_ product: CellProduct, _ vectors: [Tensor], _ type: ElementType) -> Tensor {
    let bias = Tensor.zeros([product.columns], type)
    for (vector, column) in product.biases {
      let tensor = vectors[vector]
      ensue_accumulate(type.kernel, tensor.pointer, 1, bias.freshPointer + column * type.size, tensor.count)
    }
    return bias
  }
}
