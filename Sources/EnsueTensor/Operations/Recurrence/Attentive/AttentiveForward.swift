// A step of the loop, forward: which phases, in which order.

import EnsueKernels

/// Writes the phases of the forward pass.
struct AttentiveForward {
  private let tape: AttentiveTape
  private let weights: AttentiveWeights
  private let keys: KernelKeys
  private let tables = LoopTables()

  init(_ tape: AttentiveTape, _ weights: AttentiveWeights, _ keys: KernelKeys) {
    (self.tape, self.weights, self.keys) = (tape, weights, keys)
  }

  func planned() -> LoopTables {
    let (first, width) = (tape.layers[0].joined, tape.fedColumn)
    switch tape.call.order {
    case .before(let state):
      let query = tables.operand(tape.rows(tape.asking))
      let before = tables.operand(tape.top.locate(CellOperand(.before(state))))
      addAttention(
        query, context: tables.operand(tape.rows(first, width)),
        moves: [EnsueMove(source: before, target: query, width: tape.call.hiddenSize, adds: 0)])
      tables.add(LoopPhase(products: fedProducts))
      addLayers()
    case .after(_, let fed):
      guard let side = tape.side, let attentive = tape.attentive, let combination = weights.combination else { break }
      let before = EnsueOperand(
        kind: EnsueOperandBefore, base: attentive.freshPointer, stride: tape.call.hiddenSize, initial: fed.freshPointer)
      let move = EnsueMove(
        source: tables.operand(before), target: tables.operand(tape.rows(first, width)), width: tape.call.hiddenSize,
        adds: 0)
      tables.add(LoopPhase(moves: [move], products: fedProducts))
      addLayers()
      let (top, context) = (tables.operand(tape.rows(tape.asking)), tables.operand(tape.rows(side)))
      addAttention(top, context: context, moves: [])
      addCombination(top, context, side, attentive, combination)
    }
    return tables
  }

  private var fedProducts: [LoopProduct] {
    weights.fed.map { product in
      LoopProduct(
        packed: product, source: tables.operand(tape.rows(tape.layers[0].joined, tape.fedColumn)),
        target: tables.operand(tape.layers[0].locate(product.product.target)))
    }
  }

  private func addAttention(_ query: Int32, context: Int32, moves: [EnsueMove]) {
    var attention = tape.attention(keys)
    var products: [LoopProduct] = []
    (attention.query, attention.asked, attention.place) = (query, query, query)
    if let product = weights.place, let hidden = tape.placeHidden {
      attention.place = tables.operand(tape.rows(hidden))
      products.append(LoopProduct(packed: product, source: query, target: attention.place))
    }
    if let product = weights.query, let mapped = tape.mapped {
      attention.query = tables.operand(tape.rows(mapped))
      products.append(LoopProduct(packed: product, source: query, target: attention.query))
    }
    attention.context = context
    tables.add(LoopPhase(moves: moves, products: products, attention: attention, hidden: weights.hidden))
  }

  /// tanh(W [c; h])
  private func addCombination(
    _ top: Int32, _ context: Int32, _ side: Tensor, _ attentive: Tensor, _ combination: PackedProduct
  ) {
    let (column, result) = (tape.call.values.shape[1], tables.operand(tape.rows(attentive)))
    let move = EnsueMove(
      source: top, target: tables.operand(tape.rows(side, column)), width: tape.call.hiddenSize, adds: 0)
    tables.add(
      LoopPhase(moves: [move], products: [LoopProduct(packed: combination, source: context, target: result)]))
    tables.add(LoopPhase(instructions: [EnsueInstruction(code: EnsueCodeTanh, target: result, a: result, b: 0, c: 0)]))
  }

  private func addLayers() {
    for (index, layer) in tape.layers.enumerated() {
      if index > 0 { addJoin(index) }
      tables.add(layer.program.forward, products: weights.cells[index], locate: layer.locate)
    }
  }

  /// What a layer reads of the one below, and the input's products.
  private func addJoin(_ index: Int) {
    let (layer, below) = (tape.layers[index], tape.layers[index - 1])
    let output = tables.operand(tape.rows(below.results[tape.call.layers[index - 1].outputIndex]))
    let target = tables.operand(tape.rows(layer.joined, 1))
    var phase = LoopPhase()
    if let mask = tape.call.layers[index].mask {
      phase.instructions = [
        EnsueInstruction(
          code: EnsueCodeMultiply, target: target, a: output, b: tables.operand(tape.rows(mask)), c: 0)
      ]
    } else {
      phase.moves = [EnsueMove(source: output, target: target, width: tape.call.hiddenSize, adds: 0)]
    }
    phase.products = weights.below[index - 1].map { product in
      LoopProduct(packed: product, source: target, target: tables.operand(layer.locate(product.product.target)))
    }
    tables.add(phase)
  }
}
