// The memory of a loop's forward pass, which its backward pass reads, and where everything stands in it.

import EnsueKernels

/// What the forward pass leaves.
final class AttentiveTape: Sendable {
  let call: AttentiveCall
  let layers: [RecurrenceTape]
  /// The top state before each step, [rows, H]; of attention before the step.
  let query: Tensor?
  /// W q + b, [rows, features]; nil where the query is not mapped.
  let mapped: Tensor?
  /// [c | h], [rows, value width + H]; of attention after the step.
  let side: Tensor?
  /// tanh(W [c; h]), [rows, H]; of attention after the step.
  let attentive: Tensor?
  /// [pairs, 1]
  let weights: Tensor
  /// The weights before they are multiplied by the Gaussian of a neighbourhood, [pairs, 1]; nil where they are not.
  let distributed: Tensor?
  /// The hidden layers of every pair, [pairs, layers · features]; of deep scores.
  let hidden: Tensor?
  /// p of each step, [rows, 1]; of attention to a neighbourhood.
  let places: Tensor?
  /// W q of a place that is predicted, [rows, hidden].
  let placeHidden: Tensor?

  init(_ call: AttentiveCall) {
    self.call = call
    let (rows, hidden, type) = (call.layout.rowCount, call.hiddenSize, call.x.elementType)
    layers = call.layers.map { layer in
      RecurrenceTape(
        unchecked: RecurrenceCall(program: layer.program, inputs: layer.inputs, layout: call.layout, isReverse: false),
        constants: PackedProgram.constants(layer.program.program, type))
    }
    mapped = call.score.queryWeight.map { Tensor(uninitialized: [rows, $0.shape[0]], type) }
    weights = Tensor(uninitialized: [call.keys.pairCount, 1], type)
    distributed = call.locality?.deviation.map { _ in Tensor(uninitialized: [call.keys.pairCount, 1], type) }
    // Pairs outside a neighbourhood stay zero.
    self.hidden = call.score.storedLayerCount.map { Tensor.zeros([call.keys.pairCount, $0 * call.querySize], type) }
    placeHidden = call.locality?.weight.map { Tensor(uninitialized: [rows, $0.shape[0]], type) }
    places = call.locality.map { locality in
      switch locality.place {
      case .ofQuery(let first): call.layout.steps(from: first, type)
      case .predicted: Tensor(uninitialized: [rows, 1], type)
      }
    }
    switch call.order {
    case .before:
      query = Tensor(uninitialized: [rows, hidden], type)
      (side, attentive) = (nil, nil)
    case .after:
      query = nil
      side = Tensor(uninitialized: [rows, call.values.shape[1] + hidden], type)
      attentive = Tensor(uninitialized: [rows, hidden], type)
    }
    // The first layer's ones come with x.
    for layer in layers.dropFirst() {
      let stride = layer.program.joinedWidth * type.size
      for row in 0..<rows { ensue_fill(type.kernel, 1, layer.joined.freshPointer + row * stride, 1) }
    }
  }

  var top: RecurrenceTape { layers[layers.count - 1] }
  var topOutput: Tensor { top.results[call.layers[layers.count - 1].outputIndex] }
  /// What asks, [rows, H].
  var asking: Tensor { query ?? topOutput }
  /// The column of the first layer's joined rows after x.
  var fedColumn: Int { 1 + call.x.shape[1] }
  var type: ElementType { call.x.elementType }

  /// Rows of a tensor from a column on.
  func rows(_ tensor: Tensor, _ column: Int = 0) -> EnsueOperand { top.place(EnsueOperandRow, tensor, column) }
  /// A row for each sequence.
  func batch(_ tensor: Tensor, _ column: Int = 0) -> EnsueOperand { top.place(EnsueOperandBatch, tensor, column) }

  /// c_t, [rows, value width].
  var contexts: Tensor {
    let width = call.values.shape[1]
    let (source, column) = side.map { ($0, 0) } ?? (layers[0].joined, fedColumn)
    let result = Tensor(uninitialized: [call.layout.rowCount, width], type)
    ensue_copy_rows(
      source.pointer + column * type.size, source.shape[1] * type.size, result.freshPointer, width * type.size,
      result.shape[0], width * type.size)
    return result
  }

  /// The attention of a step without its operands; arrays must outlive the run.
  func attention(_ keys: KernelKeys) -> EnsueStepAttention {
    var attention = EnsueStepAttention()
    switch call.score.function {
    case .dot(let scale, _, let activation):
      (attention.function, attention.scale, attention.activation) = (EnsueStepDot, scale, activation.kernel)
    case .cosine: attention.function = EnsueStepCosine
    case .additive(_, let activation):
      (attention.function, attention.activation) = (EnsueStepAdditive, activation.kernel)
    case .deep(_, _, let activation):
      (attention.function, attention.activation) = (EnsueStepDeep, activation.kernel)
      (attention.layerCount, attention.hidden) = (call.score.layers.count + 1, hidden?.freshPointer)
    case .location(let activation):
      (attention.function, attention.activation) = (EnsueStepLocation, activation.kernel)
    case .key: attention.function = EnsueStepKey
    case .kernel(let scale): (attention.function, attention.scale) = (EnsueStepKernel, scale)
    }
    switch call.distribution {
    case .entmax(let alpha): (attention.distribution, attention.alpha) = (EnsueStepEntmax, alpha)
    case .sigmoid: attention.distribution = EnsueStepSigmoid
    case .deattention(let scale): (attention.distribution, attention.alpha) = (EnsueStepDeattention, scale)
    }
    if let vector = call.score.vector { (attention.vector, attention.vectorSize) = (vector.pointer, vector.count) }
    if let locality = call.locality, let places {
      attention.places = places.freshPointer
      (attention.radius, attention.deviation) = (Double(locality.radius), locality.deviation ?? 0)
      attention.distributed = distributed?.freshPointer
      if let vector = locality.vector {
        (attention.placeVector, attention.placeSize) = (vector.pointer, vector.count)
      }
    }
    (attention.features, attention.valueSize) = (call.prepared.shape[1], call.values.shape[1])
    (attention.querySize, attention.askedSize) = (call.querySize, call.hiddenSize)
    (attention.keys, attention.values) = (call.prepared.pointer, call.values.pointer)
    (attention.keyOffsets, attention.keyPositions, attention.keyCounts) = (keys.offsets, keys.positions, keys.counts)
    (attention.starts, attention.weights) = (keys.starts, UnsafeMutableRawPointer(weights.freshPointer))
    return attention
  }
}

/// Where keys stand, for kernels; valid while it lives.
final class KernelKeys {
  let offsets: UnsafePointer<Int64>
  let positions: UnsafePointer<Int32>
  let counts: UnsafePointer<Int32>
  let starts: UnsafePointer<Int64>

  init(_ keys: StepKeys) {
    func copied<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
      let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
      memory.initialize(from: elements, count: elements.count)
      return UnsafePointer(memory)
    }
    (offsets, positions) = (copied(keys.layout.offsets), copied(keys.positions))
    (counts, starts) = (copied(keys.counts), copied(keys.starts))
  }

  deinit {
    offsets.deallocate()
    positions.deallocate()
    counts.deallocate()
    starts.deallocate()
  }
}
