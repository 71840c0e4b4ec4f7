// Attention to the neighbourhood of a place (Luong, Pham and Manning, Effective approaches to attention-based neural
// machine translation, 2015).

import EnsueTensor

/// Attention within D steps of a place p, weighted by how near: a_j · exp(-(j - p)² / 2σ²), |j - p| ≤ D.
///
/// Steps j count from 1 here, as in the paper. p is the query's own step (monotonic) or S σ(vᵀ tanh(W q)), S the number
/// of keys (predictive; its gradient flows through the Gaussian). The weights are not divided by their sum again.
public struct LocalAttention: Module {
  public var attention: Attention
  /// W, [hidden, query width]; of predictive attention.
  public private(set) var placeWeight: Tensor?
  /// v, [1, hidden]; of predictive attention.
  public private(set) var placeVector: Tensor?
  /// D
  public let radius: Int
  /// σ; nil for no Gaussian.
  public let deviation: Double?

  /// - Parameters:
  ///   - radius: D, at least 1; σ is D/2.
  public init(_ kind: LocalAttentionKind, _ configuration: AttentionConfiguration, radius: Int, key: RandomKey) {
    self.init(kind, configuration, radius: radius, deviation: Double(radius) / 2, key: key)
  }

  /// - Parameter deviation: σ; nil for no Gaussian, which is how the paper's own monotonic attention is.
  public init(
    _ kind: LocalAttentionKind, _ configuration: AttentionConfiguration, radius: Int, deviation: Double?,
    key: RandomKey
  ) {
    precondition(radius > 0 && deviation ?? 1 > 0, "local attention: radius and deviation are positive")
    attention = Attention(configuration, key: key.derived("attention"))
    (self.radius, self.deviation) = (radius, deviation)
    switch kind {
    case .monotonic: break
    case .predictive:
      let c = configuration
      placeWeight = newMatrix(output: c.hiddenSize, input: c.querySize, key: key.derived("placeWeight"))
      placeVector = newMatrix(output: 1, input: c.hiddenSize, key: key.derived("placeVector"))
    }
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("attention", &attention)
    guard var weight = placeWeight, var vector = placeVector else { return }
    visitor.parameter("placeWeight", &weight)
    visitor.parameter("placeVector", &vector)
    (placeWeight, placeVector) = (weight, vector)
  }

  /// As `Attention`.
  public func callAsFunction(
    queries: PackedSequence, keys: PackedSequence, values: PackedSequence, mask: PairMask? = nil
  ) -> LocalAttentionOutput {
    precondition(
      values.layout == keys.layout,
      "local attention: values of \(values.layout.rowCount) rows do not have the layout of the keys")
    let layout = PairLayout(queries: queries.layout, keys: keys.layout)
    return self(
      queries, attention.prepared(keys), values, layout, ownSteps: queries.layout.steps(queries.values.elementType),
      mask: mask)
  }

  /// - Parameter ownSteps: of each query, counted from 1: [query rows, 1].
  func callAsFunction(
    _ queries: PackedSequence, _ keys: PreparedKeys, _ values: PackedSequence, _ layout: PairLayout, ownSteps: Tensor,
    mask: PairMask? = nil
  ) -> LocalAttentionOutput {
    let places = places(queries, values.layout, ownSteps)
    let window = window(places.doubles, layout)
    let near = attention.weights(
      queries.values, keys, layout, mask: mask.map { window.intersection($0) } ?? window)
    let weights = deviation.map { near * gaussian(places, layout, deviation: $0) } ?? near
    return LocalAttentionOutput(
      attention: AttentionOutput(
        values: pairWeightedSums(weights, values.values, layout), weights: weights, layout: layout),
      places: queries.replacingValues(places))
  }

  /// p of each query, [query rows, 1].
  private func places(_ queries: PackedSequence, _ keys: PackedLayout, _ ownSteps: Tensor) -> Tensor {
    let (layout, type) = (queries.layout, queries.values.elementType)
    guard let placeWeight, let placeVector else { return ownSteps }
    let hidden = tanh(matmul(queries.values, placeWeight, transposingRight: true))
    let lengths = keys.positions.map { Double(keys.lengths[Int($0)]) }
    let ofQueries = (0..<layout.stepCount).flatMap { step in
      (0..<layout.aliveCount(at: step)).map { lengths[layout.order[$0]] }
    }
    let scale = Tensor(ofQueries, shape: [layout.rowCount, 1]).converted(to: type)
    return sigmoid(matmul(hidden, placeVector, transposingRight: true)) * scale
  }

  private func window(_ places: [Double], _ layout: PairLayout) -> PairMask {
    let (queries, positions, reach) = (layout.queries, layout.queries.positions, Double(radius))
    return PairMask(layout) { sequence, queryStep, keyStep in
      let place = places[queries.row(step: queryStep, position: Int(positions[sequence]))]
      return abs(Double(keyStep + 1) - place) <= reach
    }
  }

  /// exp(-(j - p)² / 2σ²), [pairs, 1]
  private func gaussian(_ places: Tensor, _ layout: PairLayout, deviation: Double) -> Tensor {
    let steps = layout.keys.steps(places.elementType)
    return exp(square(pairSums(places, -steps, layout)) / (-2 * deviation * deviation))
  }
}

/// What local attention gives.
public struct LocalAttentionOutput: Sendable {
  public let attention: AttentionOutput
  /// p of each query, [query rows, 1]; steps count from 1.
  public let places: PackedSequence
}
