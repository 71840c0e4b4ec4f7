// What the fused loop of a recurrent decoder with attention is run on.

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
  /// nil for attention to all keys.
  package let locality: StepLocality?
  package let keys: StepKeys
  /// Prepared keys, [key rows, features].
  package let prepared: Tensor
  /// [key rows, value width]
  package let values: Tensor

  package init(
    layers: [StepLayer], layout: PackedLayout, order: StepOrder, score: StepScore, distribution: StepDistribution,
    locality: StepLocality?, keys: StepKeys, prepared: Tensor, values: Tensor
  ) {
    (self.layers, self.layout, self.order, self.score) = (layers, layout, order, score)
    (self.distribution, self.locality, self.keys) = (distribution, locality, keys)
    (self.prepared, self.values) = (prepared, values)
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

  /// The width of queries as they meet the keys.
  var querySize: Int { score.queryWeight?.shape[0] ?? hiddenSize }

  /// Whether the score or the distribution looks at what asks beside the query that meets the keys.
  var looksAtAsked: Bool {
    if case .kernel = score.function { return true }
    if case .deattention = distribution { return true }
    return false
  }

  var combination: Tensor? { if case .after(let matrix, _) = order { matrix } else { nil } }

  /// Through which gradients flow, in the order in which they are returned.
  var differentiable: [Tensor] {
    let parameters: [Tensor?] = [
      score.queryWeight, score.queryBias, score.vector, combination, locality?.weight, locality?.vector,
    ]
    let hidden: [Tensor] = score.layers.flatMap { [$0.weight, $0.bias] }
    let cells: [Tensor] = layers.flatMap { $0.inputs.matrices + $0.inputs.vectors + $0.inputs.initial }
    return [x, prepared, values] + parameters.compactMap { $0 } + hidden + cells
  }

  func check() {
    let (rows, batch, hidden, type) = (layout.rowCount, layout.batchSize, hiddenSize, x.elementType)
    for (index, layer) in layers.enumerated() {
      let width = index == 0 ? layer.program.program.inputSize - fedSize : hidden
      layer.inputs.check(against: layer.program.program, layout, x: [index == 0 ? rows : 0, width])
    }
    let widths = layers.map { $0.program.program.hiddenSize } + [score.queryWeight?.shape[1] ?? hidden]
    let keyRows = keys.layout.rowCount
    let keySize = score.keySize(querySize: querySize)
    let keysFit: Bool =
      prepared.shape.rank == 2 && prepared.shape[0] == keyRows && prepared.elementType == type
      && keySize.map { $0 == prepared.shape[1] } ?? true && keys.counts.count == batch
      && keys.starts.count == rows + 1
    let valuesFit: Bool = values.shape.rank == 2 && values.shape[0] == keyRows && values.elementType == type
    let scoreFits: Bool = score.fits(querySize: querySize) && score.queryBias.map { $0.shape == [querySize] } ?? true
    var placesFit = true
    if let weight = locality?.weight { placesFit = weight.shape == [locality?.vector?.count ?? 0, hidden] }
    if case .deattention = distribution { placesFit = placesFit && valuesFit && values.shape[1] == hidden }
    precondition(
      Set(widths) == [hidden] && keysFit && valuesFit && scoreFits && placesFit
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
    return AttentiveCall(
      layers: layers.map {
        StepLayer(program: $0.program, inputs: $0.inputs.detached, outputIndex: $0.outputIndex, mask: $0.mask)
      }, layout: layout, order: order, score: score.detached, distribution: distribution,
      locality: locality?.detached, keys: keys, prepared: prepared.detached, values: values.detached)
  }
}
