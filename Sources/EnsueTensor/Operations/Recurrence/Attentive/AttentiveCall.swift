// What the fused loop of a recurrent decoder with attention is run on.

/// How well a query fits a prepared key.
package struct StepScore: Sendable {
  package enum Function: Sendable {
    /// scale · q·k
    case dot(scale: Double)
    /// v · tanh(q + k); v has as many numbers as keys have.
    case additive(vector: Tensor)
  }
  package let function: Function
  /// W of W q + b, [features, query width]; nil where the query meets the keys as it is.
  package let queryWeight: Tensor?
  /// b, [features]; nil for none.
  package let queryBias: Tensor?

  package init(_ function: Function, queryWeight: Tensor? = nil, queryBias: Tensor? = nil) {
    (self.function, self.queryWeight, self.queryBias) = (function, queryWeight, queryBias)
  }

  var vector: Tensor? { if case .additive(let vector) = function { vector } else { nil } }
}

/// From the scores of a query to its weights.
package enum StepDistribution: Sendable {
  /// 1 is softmax, 2 sparsemax.
  case entmax(alpha: Double)
  case sigmoid
}

/// When the attention of a step comes.
package enum StepOrder: Sendable {
  /// The top layer's state of this number asks before the step; what it reads joins the first layer's input.
  case before(state: Int)
  /// The new output asks; tanh(W [c; h]) is the step's output, and joins the first layer's next input.
  /// - combination: W, [H, value width + H]
  /// - fed: what joins the first step's input, [batch, H].
  case after(combination: Tensor, fed: Tensor)
}

/// The keys that each sequence of a batch attends to, as kernels walk them. Several may have the same.
package struct StepKeys: Sendable {
  /// Of the keys' rows.
  let layout: PackedLayout
  /// Of each sequence, among the keys.
  let positions: [Int32]
  let counts: [Int32]
  /// The first pair of each packed row, and at the end the number of pairs.
  package let starts: [Int64]

  /// - Parameters:
  ///   - sources: of each sequence, longest first, the sequence of keys in their caller's order.
  ///   - queries: the rows that ask.
  package init(_ layout: PackedLayout, sources: [Int], queries: PackedLayout) {
    self.layout = layout
    let all = layout.positions
    positions = sources.map { all[$0] }
    counts = positions.map { Int32(layout.lengths[Int($0)]) }
    var starts: [Int64] = [0]
    starts.reserveCapacity(queries.rowCount + 1)
    for step in 0..<queries.stepCount {
      for position in 0..<queries.aliveCount(at: step) {
        starts.append(starts[starts.count - 1] + Int64(counts[position]))
      }
    }
    self.starts = starts
  }

  var pairCount: Int { Int(starts[starts.count - 1]) }
  var largestCount: Int { Int(counts.max() ?? 0) }
}

/// One layer of the loop.
package struct StepLayer: Sendable {
  package let program: SharedProgram
  /// Its x is the whole loop's for the first layer, and empty for the others.
  package let inputs: RecurrenceInputs
  /// Which of its results the layer above reads.
  package let outputIndex: Int
  /// What is multiplied to that of the layer below, [rows, H]; nil for nothing.
  package let mask: Tensor?

  package init(program: SharedProgram, inputs: RecurrenceInputs, outputIndex: Int, mask: Tensor?) {
    (self.program, self.inputs, self.outputIndex, self.mask) = (program, inputs, outputIndex, mask)
  }
}

/// The whole loop.
package struct AttentiveCall: Sendable {
  package let layers: [StepLayer]
  package let layout: PackedLayout
  package let order: StepOrder
  package let score: StepScore
  package let distribution: StepDistribution
  package let keys: StepKeys
  /// Prepared keys, [key rows, features].
  package let prepared: Tensor
  /// [key rows, value width]
  package let values: Tensor

  package init(
    layers: [StepLayer], layout: PackedLayout, order: StepOrder, score: StepScore, distribution: StepDistribution,
    keys: StepKeys, prepared: Tensor, values: Tensor
  ) {
    (self.layers, self.layout, self.order, self.score) = (layers, layout, order, score)
    (self.distribution, self.keys, self.prepared, self.values) = (distribution, keys, prepared, values)
  }

  /// [rows, input]
  var x: Tensor { layers[0].inputs.x }
  var hiddenSize: Int { layers[0].program.program.hiddenSize }
  /// What joins x.
  var fedSize: Int {
    switch order {
    case .before: values.shape[1]
    case .after: hiddenSize
    }
  }

  var combination: Tensor? { if case .after(let matrix, _) = order { matrix } else { nil } }

  /// Through which gradients flow, in the order in which they are returned.
  var differentiable: [Tensor] {
    [x, prepared, values] + [score.queryWeight, score.queryBias, score.vector, combination].compactMap { $0 }
      + layers.flatMap { $0.inputs.matrices + $0.inputs.vectors + $0.inputs.initial }
  }

  func check() {
    let (rows, batch, hidden, type) = (layout.rowCount, layout.batchSize, hiddenSize, x.elementType)
    for (index, layer) in layers.enumerated() {
      let width = index == 0 ? layer.program.program.inputSize - fedSize : hidden
      layer.inputs.check(against: layer.program.program, layout, x: [index == 0 ? rows : 0, width])
    }
    let widths = layers.map { $0.program.program.hiddenSize } + [score.queryWeight?.shape[1] ?? hidden]
    let asked = score.queryWeight?.shape[0] ?? hidden
    precondition(
      Set(widths) == [hidden] && prepared.shape == [keys.layout.rowCount, asked] && values.shape.rank == 2
        && values.shape[0] == keys.layout.rowCount && keys.counts.count == batch && keys.starts.count == rows + 1
        && prepared.elementType == type && values.elementType == type
        && score.vector.map { $0.count == asked } ?? true && score.queryBias.map { $0.shape == [asked] } ?? true
        && combination.map { $0.shape == [hidden, values.shape[1] + hidden] } ?? true,
      """
      attentiveRecurrence: keys \(prepared.shape), values \(values.shape) and an x of \(x.shape) do not fit \(hidden) \
      units
      """)
  }

  var detached: AttentiveCall {
    let order: StepOrder
    switch self.order {
    case .before: order = self.order
    case .after(let matrix, let fed): order = .after(combination: matrix.detached, fed: fed.detached)
    }
    let function: StepScore.Function
    switch score.function {
    case .dot: function = score.function
    case .additive(let vector): function = .additive(vector: vector.detached)
    }
    return AttentiveCall(
      layers: layers.map {
        StepLayer(program: $0.program, inputs: $0.inputs.detached, outputIndex: $0.outputIndex, mask: $0.mask)
      }, layout: layout, order: order,
      score: StepScore(function, queryWeight: score.queryWeight?.detached, queryBias: score.queryBias?.detached),
      distribution: distribution, keys: keys, prepared: prepared.detached, values: values.detached)
  }
}
