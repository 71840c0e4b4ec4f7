// A step of the loop, backward: which phases, in which order. The mirror of AttentiveForward.

import EnsueKernels

/// Writes the phases of the backward pass.
struct AttentiveBackward {
  private let tape: AttentiveTape
  private let weights: AttentiveWeights
  private let keys: KernelKeys
  private let buffers: AttentiveGradientBuffers
  private let tables = LoopTables()

  init(_ tape: AttentiveTape, _ weights: AttentiveWeights, _ keys: KernelKeys, _ buffers: AttentiveGradientBuffers) {
    (self.tape, self.weights, self.keys, self.buffers) = (tape, weights, keys, buffers)
  }

  private var hidden: Int { tape.call.hiddenSize }
  private var width: Int { tape.call.values.shape[1] }

  func planned() -> LoopTables {
    switch tape.call.order {
    case .before(let state):
      addLayers(topArriving: nil)
      addFed(context: true)
      addAttention(context: tables.operand(tape.batch(buffers.fed)))
      addQuery(to: tables.operand(tape.batch(buffers.layers[buffers.layers.count - 1].carries[state])))
    case .after:
      guard let side = buffers.side else { break }
      addCombination(side)
      addAttention(context: tables.operand(tape.batch(side)))
      let top = tape.batch(side, width)
      addQuery(to: tables.operand(top))
      addOutsideOutput(to: tables.operand(top))
      addLayers(topArriving: top)
      addFed(context: false)
    }
    return tables
  }

  /// Through tanh(W [c; h]), with what outside wants of c.
  private func addCombination(_ side: Tensor) {
    guard let attentive = tape.attentive, let combined = buffers.combined, let product = weights.combination else {
      return
    }
    let outside =
      buffers.arrivingOutput.map { tape.rows($0) } ?? tape.top.place(EnsueOperandVector, buffers.zeros)
    let register = tables.operand(EnsueOperand(kind: EnsueOperandScratch, base: nil, stride: 0, initial: nil))
    let (target, source) = (tables.operand(tape.rows(combined)), tables.operand(tape.batch(side)))
    tables.add(
      LoopPhase(
        instructions: [
          EnsueInstruction(
            code: EnsueCodeAdd, target: register, a: tables.operand(outside),
            b: tables.operand(tape.batch(buffers.fed)), c: 0),
          EnsueInstruction(
            code: EnsueCodeTanhGradient, target: target, a: register, b: tables.operand(tape.rows(attentive)), c: 0),
        ], products: [LoopProduct(packed: product, source: target, target: source)]))
    if let contexts = buffers.arrivingContexts {
      tables.add(LoopPhase(moves: [move(tape.rows(contexts), to: source, width, adds: true)]))
    }
  }

  private func move(_ source: EnsueOperand, to target: Int32, _ width: Int, adds: Bool) -> EnsueMove {
    EnsueMove(source: tables.operand(source), target: target, width: width, adds: adds ? 1 : 0)
  }

  private func addAttention(context: Int32) {
    var attention = tape.attention(keys)
    // A part that has no numbers of its own is not looked at.
    attention.query = tables.operand(tape.rows(tape.mapped ?? tape.asking))
    attention.asked = tables.operand(tape.rows(tape.asking))
    attention.place = tables.operand(tape.rows(tape.placeHidden ?? tape.asking))
    attention.context = context
    attention.queryGradient = tables.operand(tape.rows(buffers.query))
    attention.askedGradient = tables.operand(tape.rows(buffers.asked ?? buffers.query))
    attention.placeGradient = tables.operand(tape.rows(buffers.place ?? buffers.query))
    attention.weightGradient = buffers.arrivingWeights?.pointer
    attention.pairGradient = buffers.pairs.freshPointer
    attention.hiddenGradient = buffers.hidden?.freshPointer
    attention.keyGradient = buffers.keys.freshPointer
    attention.valueGradient = buffers.values.freshPointer
    attention.vectorGradient = buffers.vector?.freshPointer
    attention.placeVectorGradient = buffers.placeVector?.freshPointer
    tables.add(LoopPhase(attention: attention, hidden: weights.hidden))
  }

  /// Adds the queries' gradient to that of what asked.
  private func addQuery(to target: Int32) {
    if let product = weights.query {
      let source = tables.operand(tape.rows(buffers.query))
      tables.add(LoopPhase(products: [LoopProduct(packed: product, source: source, target: target)]))
    } else {
      tables.add(LoopPhase(moves: [move(tape.rows(buffers.query), to: target, hidden, adds: true)]))
    }
    if let asked = buffers.asked {
      tables.add(LoopPhase(moves: [move(tape.rows(asked), to: target, hidden, adds: true)]))
    }
    if let place = buffers.place, let product = weights.place {
      let source = tables.operand(tape.rows(place))
      tables.add(LoopPhase(products: [LoopProduct(packed: product, source: source, target: target)]))
    }
  }

  private func addOutsideOutput(to target: Int32) {
    let top = tape.layers.count - 1
    guard let outside = buffers.arriving[top][tape.call.layers[top].outputIndex] else { return }
    tables.add(LoopPhase(moves: [move(tape.rows(outside), to: target, hidden, adds: true)]))
  }

  /// From the top layer down.
  /// - Parameter topArriving: where what arrives at the top output is collected; nil where it comes from outside alone.
  private func addLayers(topArriving: EnsueOperand?) {
    for index in tape.layers.indices.reversed() {
      let (layer, output) = (buffers.layers[index], tape.call.layers[index].outputIndex)
      let collected = index == tape.layers.count - 1 ? topArriving : tape.batch(buffers.below[index])
      tables.add(tape.layers[index].program.backward, products: weights.cells[index]) { operand in
        if let collected, case .arriving(output) = operand.buffer { return collected }
        return layer.locate(operand)
      }
      if index > 0 { addBelow(index) }
    }
  }

  /// What arrives at the output of the layer below.
  private func addBelow(_ index: Int) {
    let (layer, program) = (buffers.layers[index], tape.layers[index].program)
    let target = tables.operand(tape.batch(buffers.below[index - 1]))
    var phase = LoopPhase()
    if let bare = program.bareInputGradient {
      phase.moves = [move(tape.rows(layer.gradient, bare), to: target, hidden, adds: false)]
    }
    phase.products = weights.below[index - 1].map { product in
      LoopProduct(packed: product, source: tables.operand(layer.locate(product.product.source)), target: target)
    }
    tables.add(phase)
    let outside = buffers.layers[index - 1].locate(CellOperand(.arriving(tape.call.layers[index - 1].outputIndex)))
    let rest = tables.operand(outside)
    let instruction =
      tape.call.layers[index].mask.map { mask in
        EnsueInstruction(
          code: EnsueCodeMultiplyAdd, target: target, a: target, b: tables.operand(tape.rows(mask)), c: rest)
      } ?? EnsueInstruction(code: EnsueCodeAdd, target: target, a: target, b: rest, c: 0)
    tables.add(LoopPhase(instructions: [instruction]))
  }

  /// What arrives at what joined x.
  /// - Parameter context: whether that is c_t, of which outside may want something.
  private func addFed(context: Bool) {
    let (layer, program) = (buffers.layers[0], tape.layers[0].program)
    let target = tables.operand(tape.batch(buffers.fed))
    var phase = LoopPhase()
    if let bare = program.bareInputGradient {
      let source = tape.rows(layer.gradient, bare + tape.call.x.shape[1])
      phase.moves.append(move(source, to: target, tape.call.fedSize, adds: false))
    }
    phase.products = weights.fed.map { product in
      LoopProduct(packed: product, source: tables.operand(layer.locate(product.product.source)), target: target)
    }
    tables.add(phase)
    if context, let contexts = buffers.arrivingContexts {
      tables.add(LoopPhase(moves: [move(tape.rows(contexts), to: target, width, adds: true)]))
    }
  }
}
