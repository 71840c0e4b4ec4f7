// Multi-head attention (Vaswani et al., Attention is all you need, 2017), with grouped keys (Ainslie et al., GQA: training
// generalized multi-query Transformer models from multi-head checkpoints, 2023) and rotary positions (Su et al. 2021).

import EnsueTensor

/// head_i = softmax(Q W_i^Q (K W_i^K)ᵀ / √d_k) V W_i^V; result = [head_1; …; head_h] W^O, with d_k = d_v = d / h.
///
/// Over packed batches: a query meets the keys of its own sequence only, and padding does not exist. The scores are
/// never stored (`scaledDotProductAttention`). With fewer heads of keys and values, h_k of them, each is read by h / h_k
/// neighbouring heads of queries; with rotary positions, queries and keys are turned by their places.
public struct MultiHeadAttention: Module {
  /// W^Q of all heads: [width, width]
  public var query: Projection
  /// W^K: [key heads · d_k, memoryWidth]
  public var key: Projection
  /// W^V: [key heads · d_k, memoryWidth]
  public var value: Projection
  /// W^O: [width, width]; nil where the heads' results are handed on as they are.
  public var output: Projection?
  public let headCount: Int
  /// Heads of keys and values.
  public let keyHeadCount: Int
  /// nil where nothing is turned.
  public let rotary: RotaryPositions?
  /// Share of attention weights set to zero in training: PyTorch's place, not the paper's.
  public let dropout: Double

  /// - Parameters:
  ///   - width: d, of the queries and of the result; a multiple of `headCount`.
  ///   - memoryWidth: of the keys and values; nil for `width`.
  ///   - keyHeadCount: divides `headCount`; nil for as many.
  ///   - hasOutput: whether there is W^O.
  public init(
    width: Int, memoryWidth: Int? = nil, headCount: Int, keyHeadCount: Int? = nil, hasBias: Bool = true,
    hasOutput: Bool = true, rotary: RotaryPositions? = nil, dropout: Double = 0,
    initialization: TransformerInitialization = .init(), key: RandomKey
  ) {
    let keyHeadCount = keyHeadCount ?? headCount
    precondition(
      headCount > 0 && width % headCount == 0, "multi-head attention: \(headCount) heads do not divide \(width)")
    precondition(
      keyHeadCount > 0 && headCount % keyHeadCount == 0,
      "multi-head attention: \(keyHeadCount) heads of keys do not divide \(headCount) heads")
    precondition((0..<1).contains(dropout), "a dropout rate lies in 0 ..< 1, not \(dropout)")
    let (memoryWidth, keyWidth) = (memoryWidth ?? width, width / headCount * keyHeadCount)
    func projection(_ matrix: TransformerMatrixKind, _ output: Int, _ input: Int) -> Projection {
      Projection(
        weight: initialization.matrix(matrix, output: output, input: input, key: key.derived(matrix.rawValue)),
        hasBias: hasBias)
    }
    query = projection(.query, width, width)
    self.key = projection(.key, keyWidth, memoryWidth)
    value = projection(.value, keyWidth, memoryWidth)
    output = hasOutput ? projection(.output, width, width) : nil
    (self.headCount, self.keyHeadCount, self.rotary, self.dropout) = (headCount, keyHeadCount, rotary, dropout)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("query", &query)
    visitor.module("key", &key)
    visitor.module("value", &value)
    if var part = output {
      visitor.module("output", &part)
      output = part
    }
  }

  /// The same attention with its weights laid out once (`Projection.prepared`).
  public func prepared(_ precision: WeightPrecisionKind = .full) -> MultiHeadAttention {
    var copy = self
    (copy.query, copy.key) = (query.prepared(precision), key.prepared(precision))
    (copy.value, copy.output) = (value.prepared(precision), output?.prepared(precision))
    return copy
  }

  /// Queries of one batch against keys and values of another, sequence by sequence in the caller's order.
  /// - Parameters:
  ///   - queries: [query rows, width]
  ///   - keys: [key rows, memoryWidth]
  ///   - values: [key rows, memoryWidth], of the keys' layout.
  ///   - reach: which key steps a query step may see.
  /// - Returns: [query rows, width]
  public func callAsFunction(
    _ queries: PackedSequence, keys: PackedSequence, values: PackedSequence, reach: AttentionReach = .everything,
    _ phase: Phase = .inference
  ) -> PackedSequence {
    precondition(keys.layout == values.layout, "multi-head attention: keys and values of different lengths")
    let heads = scaledDotProductAttention(
      queries: placedQueries(queries).values, keys: placedKeys(keys).values, values: value(values.values),
      PairLayout(queries: queries.layout, keys: keys.layout), headCount: headCount, keyHeadCount: keyHeadCount,
      reach: reach, dropout: weightDropout(phase))
    return projected(queries.replacingValues(heads))
  }

  /// Self-attention.
  public func callAsFunction(
    _ sequence: PackedSequence, reach: AttentionReach = .everything, _ phase: Phase = .inference
  ) -> PackedSequence {
    self(sequence, keys: sequence, values: sequence, reach: reach, phase)
  }

  /// The attention weights, to look at: for each sequence in the caller's order [heads, query steps, key steps].
  public func weights(
    _ queries: PackedSequence, keys: PackedSequence, reach: AttentionReach = .everything
  ) -> [Tensor] {
    attentionWeights(
      queries: placedQueries(queries).values, keys: placedKeys(keys).values, values: value(keys.values),
      PairLayout(queries: queries.layout, keys: keys.layout), headCount: headCount, keyHeadCount: keyHeadCount,
      reach: reach)
  }

  /// W^Q x, turned by the rows' places.
  func placedQueries(_ x: PackedSequence, from starts: [Int]? = nil) -> PackedSequence {
    let queries = x.replacingValues(query(x.values))
    return rotary.map { $0(queries, headCount: headCount, from: starts) } ?? queries
  }

  /// W^K x, turned by the rows' places.
  func placedKeys(_ x: PackedSequence, from starts: [Int]? = nil) -> PackedSequence {
    let keys = x.replacingValues(key(x.values))
    return rotary.map { $0(keys, headCount: keyHeadCount, from: starts) } ?? keys
  }

  private func weightDropout(_ phase: Phase) -> AttentionDropout? {
    guard dropout > 0, case .training(let key) = phase else { return nil }
    return AttentionDropout(rate: dropout, key: key)
  }

  /// W^O of the joined heads.
  func projected(_ heads: PackedSequence) -> PackedSequence {
    output.map { heads.replacingValues($0(heads.values)) } ?? heads
  }
}

// MARK: Step by step

extension MultiHeadAttention {
  /// An empty cache of these heads' keys and values.
  public func makeCache() -> KeyValueCache {
    let size = value.outputSize / keyHeadCount
    return KeyValueCache(headCount: keyHeadCount, keySize: size, valueSize: size, key.elementType)
  }

  /// Keys and values of whole sequences, such as an encoder's, to be read at every step.
  /// - Parameter memory: [key rows, memoryWidth]
  public func cached(_ memory: PackedSequence) -> KeyValueCache {
    var cache = makeCache()
    append(memory, to: &cache)
    return cache
  }

  /// Adds the keys and values of further steps.
  public func append(_ memory: PackedSequence, to cache: inout KeyValueCache) {
    let starts = cache.lengths.isEmpty ? nil : cache.lengths
    cache.append(keys: placedKeys(memory, from: starts), values: memory.replacingValues(value(memory.values)))
  }

  /// Queries that are the last steps of the cached sequences, or, with `reach` `everything` and without rotary
  /// positions, any: bit for bit what whole sequences give.
  public func read(
    _ queries: PackedSequence, _ cache: KeyValueCache, reach: AttentionReach = .everything
  ) -> PackedSequence {
    var starts = cache.lengths
    for (position, sequence) in queries.layout.order.enumerated() {
      starts[sequence] -= queries.layout.lengths[position]
    }
    let found = cachedAttention(
      queries: placedQueries(queries, from: starts), cache: cache, headCount: headCount, reach: reach)
    return projected(queries.replacingValues(found))
  }

  /// The weights with which queries of any place read a cache, to look at: for each sequence in the caller's order
  /// [heads, query steps, key steps]. Without rotary positions.
  public func weights(_ queries: PackedSequence, _ cache: KeyValueCache) -> [Tensor] {
    cachedAttentionWeights(queries: placedQueries(queries), cache: cache, headCount: headCount)
  }
}
