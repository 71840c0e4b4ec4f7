// The weights of a loop, packed for its products.

import EnsueKernels

/// All products of one pass with packed weights. Read only once made; where weights stay, of use to many runs.
package final class AttentiveWeights: @unchecked Sendable {
  /// For each layer, of its phases in order.
  let cells: [[PackedProduct]]
  /// x of the first layer over all rows (backwards: to the gradient of x).
  let input: [PackedProduct]
  /// What joins x, step by step.
  let fed: [PackedProduct]
  /// Of each layer but the first: what it reads of the one below.
  let below: [[PackedProduct]]
  /// The query's map.
  let query: PackedProduct?
  /// W of attention after the step.
  let combination: PackedProduct?
  /// W of a place that is predicted.
  let place: PackedProduct?
  /// Of a deep score's hidden layers after the first.
  let hidden: [PackedProduct]

  /// For the forward pass.
  package init(forward call: AttentiveCall) {
    let layers = call.layers.map { ($0.program.program, $0.inputs) }
    let width = call.x.shape[1]
    func packed(_ products: [CellProduct], _ inputs: RecurrenceInputs) -> [PackedProduct] {
      PackedProgram.packed(products, transposed: true, matrices: inputs.matrices, vectors: inputs.vectors)
    }
    cells = layers.map { packed($0.forward.phases.flatMap(\.products), $1) }
    let first = layers[0].0.inputProducts
    input = packed(first.map { $0.readingPart(0..<width) }, layers[0].1)
    fed = packed(first.map { $0.readingPart(width..<width + call.fedSize) }, layers[0].1)
    below = layers.dropFirst().map { packed($0.inputProducts, $1) }
    query = call.score.queryWeight.map {
      AttentiveWeights.linear($0, bias: call.score.queryBias, transposed: true, accumulates: false)
    }
    combination = call.combination.map {
      AttentiveWeights.linear($0, bias: nil, transposed: true, accumulates: false)
    }
    place = call.locality?.weight.map {
      AttentiveWeights.linear($0, bias: nil, transposed: true, accumulates: false)
    }
    hidden = call.score.layers.map {
      AttentiveWeights.linear($0.weight, bias: $0.bias, transposed: true, accumulates: false)
    }
  }

  /// For the backward pass.
  init(backward call: AttentiveCall, fedIsBegun: Bool, queryAccumulates: Bool) {
    let layers = call.layers.map { ($0.program.program, $0.inputs) }
    let width = call.x.shape[1]
    func packed(_ products: [CellProduct], _ inputs: RecurrenceInputs) -> [PackedProduct] {
      PackedProgram.packed(products, transposed: false, matrices: inputs.matrices, vectors: inputs.vectors)
    }
    cells = layers.map { packed($0.backward.phases.flatMap(\.products), $1) }
    let first = layers[0].0.inputGradients
    input = packed(first.map { $0.writingPart(0..<width, begun: false) }, layers[0].1)
    fed = packed(first.map { $0.writingPart(width..<width + call.fedSize, begun: fedIsBegun) }, layers[0].1)
    below = layers.dropFirst().map { program, inputs in
      packed(
        program.inputGradients.map {
          $0.writingPart(0..<call.hiddenSize, begun: program.bareInputGradient != nil)
        }, inputs)
    }
    query = call.score.queryWeight.map {
      AttentiveWeights.linear($0, bias: nil, transposed: false, accumulates: queryAccumulates)
    }
    combination = call.combination.map {
      AttentiveWeights.linear($0, bias: nil, transposed: false, accumulates: false)
    }
    place = call.locality?.weight.map {
      AttentiveWeights.linear($0, bias: nil, transposed: false, accumulates: queryAccumulates)
    }
    hidden = call.score.layers.map {
      AttentiveWeights.linear($0.weight, bias: nil, transposed: false, accumulates: false)
    }
  }

  /// x Wᵀ + b, or backwards g W.
  private static func linear(_ weight: Tensor, bias: Tensor?, transposed: Bool, accumulates: Bool) -> PackedProduct {
    let (rows, columns) = (weight.shape[0], weight.shape[1])
    let product = CellProduct(
      source: CellOperand(.joined), target: CellOperand(.tape), depth: transposed ? columns : rows,
      columns: transposed ? rows : columns, blocks: [], accumulates: accumulates)
    let packed = PackedMatrix(weight, transposed: transposed)
    return PackedProduct(product: product, weight: packed.storage, bias: bias)
  }
}

extension CellProduct {
  /// The same of a part of x alone; the first part has the biases, the others are added to it.
  func readingPart(_ part: Range<Int>) -> CellProduct {
    let isFirst = part.lowerBound == 0
    return CellProduct(
      source: CellOperand(source.buffer, source.column + part.lowerBound), target: target, depth: part.count,
      columns: columns, blocks: blocks.map { $0.limited(to: part) }, biases: isFirst ? biases : [],
      accumulates: isFirst ? accumulates : true)
  }

  /// The same giving a part of the gradient of x alone.
  func writingPart(_ part: Range<Int>, begun: Bool) -> CellProduct {
    CellProduct(
      source: source, target: target, depth: depth, columns: part.count, blocks: blocks.map { $0.limited(to: part) },
      accumulates: accumulates || begun)
  }
}

extension MatrixBlock {
  fileprivate func limited(to part: Range<Int>) -> MatrixBlock {
    var copy = self
    copy.part = part
    return copy
  }
}
