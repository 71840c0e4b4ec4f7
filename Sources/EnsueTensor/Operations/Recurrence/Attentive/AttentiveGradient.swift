// The backward pass of the loop: the machine walks the steps the other way, then come the sums over all rows.

import EnsueKernels

/// The backward pass over what the forward pass left.
struct AttentiveGradient {
  private let tape: AttentiveTape
  private let buffers: AttentiveGradientBuffers
  private let needsInput: Bool

  /// - Parameter arriving: at contexts, weights, the output of attention after the step, and every layer's results.
  init(_ tape: AttentiveTape, arriving: [Tensor?], needsInput: Bool) {
    (self.tape, self.needsInput) = (tape, needsInput)
    let (call, type) = (tape.call, tape.type)
    let (rows, batch, hidden) = (call.layout.rowCount, call.layout.batchSize, call.hiddenSize)
    let (features, width) = (call.prepared.shape[1], call.values.shape[1])
    var rest = arriving.dropFirst(tape.attentive == nil ? 2 : 3)
    let ofLayers = tape.layers.map { layer in
      let part = Array(rest.prefix(layer.results.count))
      rest = rest.dropFirst(layer.results.count)
      return part
    }
    buffers = AttentiveGradientBuffers(
      layers: zip(tape.layers, ofLayers).map { RecurrenceGradientRun($0, arriving: $1, needsInput: false) },
      below: tape.layers.dropLast().map { _ in .zeros([batch, hidden], type) },
      fed: .zeros([batch, call.fedSize], type),
      combined: tape.attentive.map { _ in Tensor(uninitialized: [rows, hidden], type) },
      side: tape.side.map { _ in .zeros([batch, width + hidden], type) },
      query: Tensor(uninitialized: [rows, features], type), pairs: Tensor(uninitialized: tape.weights.shape, type),
      keys: .zeros(call.prepared.shape, type), values: .zeros(call.values.shape, type),
      vector: .zeros([batch, features], type), arrivingContexts: arriving[0], arrivingWeights: arriving[1],
      arrivingOutput: tape.attentive == nil ? nil : arriving[2], arriving: ofLayers, zeros: .zeros([hidden], type))
  }

  /// In the order of `AttentiveCall.differentiable`.
  func gradients() -> [Tensor?] {
    let call = tape.call
    let hasBare = tape.layers[0].program.bareInputGradient != nil
    let weights = AttentiveWeights(backward: call, fedIsBegun: hasBare, queryAccumulates: true)
    let keys = KernelKeys(call.keys)
    let tables = AttentiveBackward(tape, weights, keys, buffers).planned()
    LoopMachine(tables: tables, call: call, isBackward: true).run()
    withExtendedLifetime(keys) {}
    var result: [Tensor?] = [needsInput ? inputGradient(weights) : nil, buffers.keys, buffers.values]
    if call.score.queryWeight != nil { result.append(product(buffers.query, tape.asking)) }
    if call.score.queryBias != nil { result.append(buffers.query.sumValues(axis: 0)) }
    if let vector = call.score.vector { result.append(buffers.vector.sumValues(axis: 0).viewed(as: vector.shape)) }
    if let combined = buffers.combined, let side = tape.side { result.append(product(combined, side)) }
    for layer in buffers.layers {
      let (matrices, vectors) = layer.parameterGradients()
      result += matrices + vectors + layer.carries
    }
    return result
  }

  /// aᵀ b, the sum over all rows.
  private func product(_ a: Tensor, _ b: Tensor) -> Tensor {
    StridedProduct(a: a, columnsA: 0..<a.shape[1], b: b, columnsB: 0..<b.shape[1]).computed()
  }

  private func inputGradient(_ weights: AttentiveWeights) -> Tensor {
    let (x, layer) = (tape.call.x, buffers.layers[0])
    var result = weights.input.isEmpty ? Tensor.zeros(x.shape, tape.type) : Tensor(uninitialized: x.shape, tape.type)
    for product in weights.input {
      multiplyRows(product, of: layer.gradient, at: product.product.source.column, into: result, at: 0)
    }
    if let bare = tape.layers[0].program.bareInputGradient {
      result.accumulate(layer.columns(of: layer.gradient, bare..<bare + x.shape[1]))
    }
    return result
  }
}
