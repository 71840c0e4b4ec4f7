// Attention of new steps to all steps of a cache, for decoding.

import EnsueKernels

/// softmax(scale · Q Kᵀ) V where keys and values come from a cache, without a gradient.
///
/// The queries are the last steps of each cached sequence, whose own keys and values have been appended before: of a
/// sequence of n cached steps and m queries, query i stands at step n - m + i; queries that reach everything stand
/// anywhere. The result has bit for bit the rows that
/// `scaledDotProductAttention` gives for the whole sequences, as far as these reach no key that comes later.
///
/// - Parameters:
///   - queries: [rows, heads · d], the same sequences as the cache in the caller's order.
///   - keyHeadCount: nil for the cache's.
///   - scale: nil for 1/√d.
/// - Returns: [rows, heads · e], in the layout of the queries.
public func cachedAttention(
  queries: PackedSequence, cache: KeyValueCache, headCount: Int, keyHeadCount: Int? = nil, scale: Double? = nil,
  reach: AttentionReach = .causal
) -> Tensor {
  CachedAttention(queries, cache, headCount: headCount, keyHeadCount: keyHeadCount, scale: scale, reach: reach)
    .computed().values
}

/// The weights of cached attention of queries that reach everything, to look at: for each sequence in the caller's order
/// [heads, query steps, key steps].
public func cachedAttentionWeights(
  queries: PackedSequence, cache: KeyValueCache, headCount: Int, keyHeadCount: Int? = nil, scale: Double? = nil
) -> [Tensor] {
  CachedAttention(
    queries, cache, headCount: headCount, keyHeadCount: keyHeadCount, scale: scale, reach: .everything
  ).weights()
}

/// Queries that meet a cache.
private struct CachedAttention {
  private let cache: KeyValueCache
  private let layout: PackedLayout
  private let queries: Tensor
  private let headCount: Int
  private let scale: Double?
  private let reach: AttentionReach

  init(
    _ queries: PackedSequence, _ cache: KeyValueCache, headCount: Int, keyHeadCount: Int?, scale: Double?,
    reach: AttentionReach
  ) {
    (self.cache, layout, self.queries) = (cache, queries.layout, queries.values.detached)
    (self.headCount, self.scale, self.reach) = (headCount, scale, reach)
    precondition(
      keyHeadCount ?? cache.headCount == cache.headCount && layout.batchSize == cache.lengths.count
        && self.queries.elementType == cache.elementType && self.queries.shape[1] == headCount * cache.keySize
        && headCount % cache.headCount == 0,
      """
      cachedAttention: queries \(self.queries.shape) of \(layout.batchSize) sequences in \(headCount) heads do not fit \
      a cache of \(cache.lengths.count) sequences in \(cache.headCount) heads of \(cache.keySize) numbers
      """)
  }

  /// The result, and log Σ exp of each row and head: [rows, heads].
  func computed() -> (values: Tensor, logs: Tensor) {
    let (type, size) = (cache.elementType, cache.elementType.size)
    let y = Tensor(uninitialized: [layout.rowCount, headCount * cache.valueSize], type)
    let logs = Tensor(uninitialized: [layout.rowCount, headCount], type)
    forEachHead { task in
      ensue_attention(
        &task.kernel, queries.pointer + task.head * cache.keySize * size, task.keys, task.values,
        y.freshPointer + task.head * cache.valueSize * size, logs.freshPointer + task.head * size, 0, task.count,
        task.scratch.pointer)
    }
    Checks.verify(y, after: "cachedAttention")
    return (y, logs)
  }

  func weights() -> [Tensor] {
    let (type, size, logs) = (cache.elementType, cache.elementType.size, computed().logs)
    let weights = layout.positions.enumerated().map { sequence, position in
      Tensor(uninitialized: [headCount, layout.lengths[Int(position)], cache.lengths[sequence]], type)
    }
    forEachHead { task in
      let target = weights[task.sequence]
      ensue_attention_weights(
        &task.kernel, queries.pointer + task.head * cache.keySize * size, task.keys,
        logs.pointer + task.head * size,
        target.freshPointer + task.head * target.shape[1] * target.shape[2] * size, 0, task.count,
        task.scratch.pointer)
    }
    return weights
  }

  /// One head of one sequence, for kernels.
  private struct Task {
    var kernel: EnsueAttention
    let sequence: Int
    let head: Int
    /// Queries of the sequence.
    let count: Int
    let keys: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    let values: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    let scratch: Storage
  }

  /// Every head of every sequence, dealt to the pool's threads by sequences, or by heads of keys where these are few.
  private func forEachHead(_ body: (inout Task) -> Void) {
    let (before, after, block) = reach.limits
    let group = headCount / cache.headCount
    let work = cache.lengths.reduce(0, +) * headCount * (cache.keySize + cache.valueSize)
    let pool = work < 1 << 16 ? ThreadPool.single : ThreadPool.current
    let parts = layout.batchSize >= 4 * pool.threadCount ? 1 : cache.headCount
    layout.offsets.withUnsafeBufferPointer { offsets in
      pool.run(shares: layout.batchSize * parts) { share in
        let (position, part) = (share / parts, share % parts)
        let keyHeads = part * cache.headCount / parts..<(part + 1) * cache.headCount / parts
        let (sequence, count) = (layout.order[position], layout.lengths[position])
        let length = cache.lengths[sequence]
        precondition(
          count <= length || reach == .everything,
          "cachedAttention: \(count) queries of a sequence with \(length) cached steps")
        var kernel = EnsueAttention(
          element: cache.elementType.kernel,
          queries: EnsueSteps(offsets: offsets.baseAddress, position: position, count: count), keyCount: length,
          keySize: cache.keySize, valueSize: cache.valueSize, queryStride: headCount * cache.keySize,
          valueStride: headCount * cache.valueSize, logStride: headCount, start: Int64(length - count), before: before,
          after: after, block: block, scale: scale ?? 1 / Double(cache.keySize).squareRoot(), dropoutKey: 0,
          dropoutStream: 0, keep: 65536)
        let scratch = Storage(byteCount: ensue_attention_scratch(&kernel) * cache.elementType.size)
        let blocks = cache.tables(ofSequence: sequence, heads: keyHeads)
        for keyHead in keyHeads {
          for head in keyHead * group..<(keyHead + 1) * group {
            var task = Task(
              kernel: kernel, sequence: sequence, head: head, count: count, keys: blocks.keys(ofHead: keyHead),
              values: blocks.values(ofHead: keyHead), scratch: scratch)
            body(&task)
          }
        }
        withExtendedLifetime((blocks, scratch)) {}
      }
    }
  }
}
