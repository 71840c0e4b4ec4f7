// A cell's weights in the form its products read them.

import EnsueKernels

/// A product with its weights packed.
struct PackedProduct {
  let product: CellProduct
  let weight: Storage
  let bias: Tensor?

  func kernel(_ indexes: [CellOperand: Int32]) -> EnsueProduct {
    EnsueProduct(
      weight: UnsafeRawPointer(weight.pointer), bias: bias?.pointer, depth: product.depth, columns: product.columns,
      source: indexes[product.source] ?? 0, target: indexes[product.target] ?? 0,
      accumulates: product.accumulates ? 1 : 0)
  }
}

/// The packed weights of one pass. They are read only once made, by many threads.
package struct PackedProgram: @unchecked Sendable {
  let inputProducts: [PackedProduct]
  let phases: [[PackedProduct]]

  /// Packs for the forward pass.
  package init(forward program: CellProgram, matrices: [Tensor], vectors: [Tensor]) {
    self.init(
      inputProducts: program.inputProducts, phases: program.forward.phases.map(\.products), transposed: true,
      matrices: matrices, vectors: vectors)
  }

  /// Packs for the backward pass; `inputProducts` are those of the input's gradient.
  init(backward program: CellProgram, matrices: [Tensor], needsInput: Bool) {
    self.init(
      inputProducts: needsInput ? program.inputGradients : [], phases: program.backward.phases.map(\.products),
      transposed: false, matrices: matrices, vectors: [])
  }

  private init(
    inputProducts: [CellProduct], phases: [[CellProduct]], transposed: Bool, matrices: [Tensor], vectors: [Tensor]
  ) {
    let all = inputProducts + phases.flatMap { $0 }
    guard let type = matrices.first?.elementType else {
      (self.inputProducts, self.phases) = ([], phases.map { _ in [] })
      return
    }
    let packed = all.map { product in
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
        ensue_pack_block(
          type.kernel, matrix.pointer, columns, transposed ? 1 : 0, transposed ? columns : rows,
          transposed ? rows : columns, task.1.depthOffset, task.1.columnOffset, target.product.depth,
          target.product.columns, target.weight.pointer)
      }
    }
    self.inputProducts = Array(packed.prefix(inputProducts.count))
    var rest = packed.dropFirst(inputProducts.count)
    self.phases = phases.map { products in
      defer { rest = rest.dropFirst(products.count) }
      return Array(rest.prefix(products.count))
    }
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
