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
  let (layout, q, type) = (queries.layout, queries.values.detached, cache.elementType)
  let keyHeads = keyHeadCount ?? cache.headCount
  precondition(
    keyHeads == cache.headCount && layout.batchSize == cache.lengths.count && q.elementType == type
      && q.shape[1] == headCount * cache.keySize && headCount % keyHeads == 0,
    """
    cachedAttention: queries \(q.shape) of \(layout.batchSize) sequences in \(headCount) heads do not fit a cache of \
    \(cache.lengths.count) sequences in \(cache.headCount) heads of \(cache.keySize) numbers
    """)
  let y = Tensor(uninitialized: [layout.rowCount, headCount * cache.valueSize], type)
  let logs = Tensor(uninitialized: [layout.rowCount, headCount], type)
  let (before, after) = reach.steps
  let group = headCount / keyHeads
  let work = cache.lengths.reduce(0, +) * headCount * (cache.keySize + cache.valueSize)
  let pool = work < 1 << 16 ? ThreadPool.single : ThreadPool.current
  layout.offsets.withUnsafeBufferPointer { offsets in
    pool.run(shares: layout.batchSize * keyHeads) { share in
      let (position, keyHead) = (share / keyHeads, share % keyHeads)
      let (sequence, count) = (layout.order[position], layout.lengths[position])
      let length = cache.lengths[sequence]
      precondition(
        count <= length || reach == .everything,
        "cachedAttention: \(count) queries of a sequence with \(length) cached steps")
      var kernel = EnsueAttention(
        element: type.kernel,
        queries: EnsueSteps(offsets: offsets.baseAddress, position: position, count: count), keyCount: length,
        keySize: cache.keySize, valueSize: cache.valueSize, queryStride: headCount * cache.keySize,
        valueStride: headCount * cache.valueSize, logStride: headCount, start: Int64(length - count), before: before,
        after: after, scale: scale ?? 1 / Double(cache.keySize).squareRoot(), dropoutKey: 0, dropoutStream: 0,
        keep: 65536)
      let scratch = Storage(byteCount: ensue_attention_scratch(&kernel) * type.size)
      let (keys, values) = cache.blocks(ofSequence: sequence, head: keyHead)
      for head in keyHead * group..<(keyHead + 1) * group {
        ensue_attention(
          &kernel, q.pointer + head * cache.keySize * type.size, keys.pointers, values.pointers,
          y.freshPointer + head * cache.valueSize * type.size, logs.freshPointer + head * type.size, 0, count,
          scratch.pointer)
      }
      withExtendedLifetime((keys, values, scratch)) {}
    }
  }
  Checks.verify(y, after: "cachedAttention")
  return y
}
