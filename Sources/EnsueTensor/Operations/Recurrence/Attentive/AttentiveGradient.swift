// The backward pass of the loop: the machine walks the steps the other way, then come the sums over all rows.

import EnsueKernels

/// The backward pass over what the forward pass left.
struct AttentiveGradient {
  private let tape: AttentiveTape
  private let buffers: AttentiveGradientBuffers
  private let needsInput: Bool
  private let needsQueryWeight: Bool

  /// - Parameter arriving: at contexts, weights, the output of attention after the step, and every layer's results.
  init(_ tape: AttentiveTape, arriving: [Tensor?], needsInput: Bool, needsQueryWeight: Bool) {
    (self.tape, self.needsInput, self.needsQueryWeight) = (tape, needsInput, needsQueryWeight)
    let (call, type) = (tape.call, tape.type)
    let (rows, batch, hidden) = (call.layout.rowCount, call.layout.batchSize, call.hiddenSize)
    let width = call.values.shape[1]
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
      query: Tensor(uninitialized: [rows, call.querySize], type),
      asked: call.looksAtAsked ? Tensor(uninitialized: [rows, hidden], type) : nil,
      place: tape.placeHidden.map { Tensor(uninitialized: $0.shape, type) },
      pairs: Tensor(uninitialized: tape.weights.shape, type),
      hidden: tape.hidden.map { Tensor.zeros($0.shape, type) },
      keys: .zeros(call.prepared.shape, type), values: .zeros(call.values.shape, type),
      vector: call.score.vector.map { Tensor.zeros([batch, $0.count], type) },
      placeVector: call.locality?.vector.map { Tensor.zeros([batch, $0.count], type) },
      arrivingContexts: arriving[0], arrivingWeights: arriving[1],
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
    if call.score.queryWeight != nil {
      result.append(needsQueryWeight ? product(buffers.query, tape.asking) : nil)
    }
    if call.score.queryBias != nil { result.append(buffers.query.sumValues(axis: 0)) }
    if let vector = call.score.vector { result.append(sum(buffers.vector, as: vector)) }
    if let combined = buffers.combined, let side = tape.side { result.append(product(combined, side)) }
    if let place = buffers.place { result.append(product(place, tape.asking)) }
    if let vector = call.locality?.vector { result.append(sum(buffers.placeVector, as: vector)) }
    result += hiddenGradients()
    for layer in buffers.layers {
      let (matrices, vectors) = layer.parameterGradients()
      result += matrices + vectors + layer.carries
    }
    return result
  }

  /// Of the weights and biases of a deep score's hidden layers after the first.
  private func hiddenGradients() -> [Tensor?] {
    guard let gradients = buffers.hidden, let hidden = tape.hidden else { return [] }
    let (size, sums) = (tape.call.querySize, gradients.sumValues(axis: 0))
    return tape.call.score.layers.indices.flatMap { layer -> [Tensor?] in
      let (below, own) = (layer * size..<(layer + 1) * size, (layer + 1) * size..<(layer + 2) * size)
      let weight = StridedProduct(a: gradients, columnsA: own, b: hidden, columnsB: below).computed()
      return [weight, sums.sliced(own)]
    }
  }

  /// The sum over the sequences, in the shape of a parameter.
  private func sum(_ ofSequences: Tensor?, as parameter: Tensor) -> Tensor? {
    ofSequences?.sumValues(axis: 0).viewed(as: parameter.shape)
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
