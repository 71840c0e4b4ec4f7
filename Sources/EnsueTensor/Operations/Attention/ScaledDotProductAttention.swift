// Softmax attention by heads without a matrix of scores (Dao, Fu, Ermon, Rudra and Ré, FlashAttention: fast and
// memory-efficient exact attention with IO-awareness, 2022; the running softmax: Milakov and Gimelshein 2018).

import EnsueKernels

/// softmax(scale · Q Kᵀ) V for each head and sequence (Vaswani et al. 2017). Scores are never stored: memory is linear
/// in the lengths. A query's row has the same bits alone, in any batch and for any number of threads. A query that
/// reaches no key gets zeros and gives no gradient.
///
/// - Parameters:
///   - queries: [query rows, heads · d]
///   - keys: [key rows, key heads · d]
///   - values: [key rows, key heads · e]
///   - keyHeadCount: heads of keys and values, each shared by headCount / keyHeadCount neighbouring heads of queries
///     (Ainslie et al., GQA, 2023); nil for as many as `headCount`.
///   - scale: nil for 1/√d.
///   - dropout: of the weights.
/// - Returns: [query rows, heads · e]
public func scaledDotProductAttention(
  queries: Tensor, keys: Tensor, values: Tensor, _ layout: PairLayout, headCount: Int, keyHeadCount: Int? = nil,
  scale: Double? = nil, reach: AttentionReach = .everything, dropout: AttentionDropout? = nil
) -> Tensor {
  let plan = AttentionPlan(
    "scaledDotProductAttention", queries, keys, values, layout, headCount: headCount, keyHeadCount: keyHeadCount,
    scale: scale, reach: reach, dropout: dropout)
  let (q, k, v) = (queries.detached, keys.detached, values.detached)
  let (needsQueries, needsKeys) = (queries.isTracked, keys.isTracked || values.isTracked)
  let (y, logs) = plan.forward(q, k, v)
  return y.recorded("scaledDotProductAttention", [queries, keys, values]) { gradient in
    let backward = AttentionBackward(plan: plan, q: q, k: k, v: v, y: y, logs: logs, gradient: gradient)
    let (dq, dk, dv) = backward.computed(needsQueries: needsQueries, needsKeys: needsKeys)
    return [dq.map { .dense($0) }, dk.map { .dense($0) }, dv.map { .dense($0) }]
  }
}

/// The weights of `scaledDotProductAttention`, to look at, without a gradient: for each sequence in the caller's order
/// [heads, query steps, key steps]. These do take memory quadratic in the length.
public func attentionWeights(
  queries: Tensor, keys: Tensor, values: Tensor, _ layout: PairLayout, headCount: Int, keyHeadCount: Int? = nil,
  scale: Double? = nil, reach: AttentionReach = .everything, dropout: AttentionDropout? = nil
) -> [Tensor] {
  // What is dropped in training is part of no picture: the weights are those before.
  let plan = AttentionPlan(
    "attentionWeights", queries, keys, values, layout, headCount: headCount, keyHeadCount: keyHeadCount, scale: scale,
    reach: reach, dropout: nil)
  let (_, logs) = plan.forward(queries.detached, keys.detached, values.detached)
  let weights = layout.queries.positions.map { position in
    let (queryCount, keyCount) = (layout.queries.lengths[Int(position)], layout.keyCount(at: Int(position)))
    return Tensor(uninitialized: [headCount, queryCount, keyCount], queries.elementType)
  }
  plan.run(plan.forwardTasks()) { task, querySteps, keySteps in
    let (keyBlocks, scratch) = (plan.keyBlocks(keys, keySteps, task), plan.scratch(querySteps, keySteps))
    let target = weights[layout.queries.order[task.position]]
    for head in plan.heads(ofKeyHead: task.keyHead) {
      let row = (head * querySteps.count + task.queries.lowerBound) * keySteps.count
      var kernel = plan.kernel(position: task.position, head: head, queries: querySteps, keyCount: keySteps.count)
      ensue_attention_weights(
        &kernel, queries.pointer + plan.offset(head: head, size: plan.keySize), keyBlocks.pointers,
        logs.pointer + head * plan.type.size, target.freshPointer + row * plan.type.size, task.queries.lowerBound,
        task.queries.upperBound, scratch.pointer)
    }
    withExtendedLifetime((keyBlocks, scratch)) {}
  }
  return weights
}

extension AttentionPlan {
  /// The result, and log Σ exp of each row and head: [query rows, heads].
  func forward(_ q: Tensor, _ k: Tensor, _ v: Tensor) -> (y: Tensor, logs: Tensor) {
    let y = Tensor(uninitialized: [layout.queries.rowCount, headCount * valueSize], type)
    let logs = Tensor(uninitialized: [layout.queries.rowCount, headCount], type)
    run(forwardTasks()) { task, querySteps, keySteps in
      let keys = keyBlocks(k, keySteps, task)
      let values = KeyBlocks(
        type, v.pointer + offset(head: task.keyHead, size: valueSize), keySteps, stride: keyHeadCount * valueSize,
        size: valueSize, transposed: false)
      let scratch = scratch(querySteps, keySteps)
      for head in heads(ofKeyHead: task.keyHead) {
        var kernel = kernel(position: task.position, head: head, queries: querySteps, keyCount: keySteps.count)
        ensue_attention(
          &kernel, q.pointer + offset(head: head, size: keySize), keys.pointers, values.pointers,
          y.freshPointer + offset(head: head, size: valueSize), logs.freshPointer + head * type.size,
          task.queries.lowerBound, task.queries.upperBound, scratch.pointer)
      }
      // The kernels know addresses only.
      withExtendedLifetime((keys, values, scratch)) {}
    }
    return (y, logs)
  }

  func keyBlocks(_ k: Tensor, _ steps: EnsueSteps, _ task: AttentionTask) -> KeyBlocks {
    KeyBlocks(
      type, k.pointer + offset(head: task.keyHead, size: keySize), steps, stride: keyHeadCount * keySize,
      size: keySize, transposed: true)
  }

  func scratch(_ queries: EnsueSteps, _ keys: EnsueSteps) -> Storage {
    var kernel = kernel(position: 0, head: 0, queries: queries, keyCount: keys.count)
    return Storage(byteCount: ensue_attention_scratch(&kernel) * type.size)
  }
}

/// The backward pass: dq, dk and dv from the gradient of the result.
private struct AttentionBackward {
  let plan: AttentionPlan
  let q: Tensor
  let k: Tensor
  let v: Tensor
  let y: Tensor
  let logs: Tensor
  let gradient: Tensor

  func computed(needsQueries: Bool, needsKeys: Bool) -> (q: Tensor?, k: Tensor?, v: Tensor?) {
    let type = plan.type
    let dq = needsQueries ? Tensor(uninitialized: q.shape, type) : nil
    let dk = needsKeys ? Tensor(uninitialized: k.shape, type) : nil
    let dv = needsKeys ? Tensor(uninitialized: v.shape, type) : nil
    let tasks = plan.backwardTasks(needsQueries: needsQueries, needsKeys: needsKeys)
    plan.run(tasks) { task, querySteps, keySteps in
      let keyGradient = task.makesKeys ? Tensor.zeros([keySteps.count, plan.keySize], type) : nil
      let valueGradient = task.makesKeys ? Tensor.zeros([keySteps.count, plan.valueSize], type) : nil
      run(task, querySteps, keySteps, task.makesQueries ? dq : nil, keyGradient, valueGradient)
      if let keyGradient, let dk { store(keyGradient, dk, task, keySteps, size: plan.keySize) }
      if let valueGradient, let dv { store(valueGradient, dv, task, keySteps, size: plan.valueSize) }
    }
    return (dq, dk, dv)
  }

  private func run(
    _ task: AttentionTask, _ querySteps: EnsueSteps, _ keySteps: EnsueSteps, _ dq: Tensor?, _ dk: Tensor?,
    _ dv: Tensor?
  ) {
    let (type, keySize, valueSize) = (plan.type, plan.keySize, plan.valueSize)
    let keys = plan.keyBlocks(k, keySteps, task)
    let keyRows = KeyBlocks(
      type, k.pointer + plan.offset(head: task.keyHead, size: keySize), keySteps, stride: k.shape[1], size: keySize,
      transposed: false)
    let values = KeyBlocks(
      type, v.pointer + plan.offset(head: task.keyHead, size: valueSize), keySteps, stride: v.shape[1],
      size: valueSize, transposed: true)
    var scratch: Storage?
    for head in plan.heads(ofKeyHead: task.keyHead) {
      var kernel = plan.kernel(position: task.position, head: head, queries: querySteps, keyCount: keySteps.count)
      let memory = scratch ?? Storage(byteCount: ensue_attention_gradient_scratch(&kernel) * type.size)
      scratch = memory
      let (keyOffset, valueOffset) = (plan.offset(head: head, size: keySize), plan.offset(head: head, size: valueSize))
      var operands = EnsueAttentionGradient(
        q: q.pointer + keyOffset, y: y.pointer + valueOffset, logs: logs.pointer + head * type.size,
        dy: gradient.pointer + valueOffset, keys: keys.pointers, values: values.pointers, keyRows: keyRows.pointers,
        dq: dq.map { $0.freshPointer + keyOffset }, dk: dk?.freshPointer, dv: dv?.freshPointer)
      ensue_attention_gradient(
        &kernel, &operands, task.queries.lowerBound, task.queries.upperBound, task.blocks.lowerBound,
        task.blocks.upperBound, memory.pointer)
    }
    withExtendedLifetime((keys, keyRows, values, scratch)) {}
  }

  /// The gradients of a task's keys to their packed rows.
  private func store(_ rows: Tensor, _ target: Tensor, _ task: AttentionTask, _ steps: EnsueSteps, size: Int) {
    let first = task.blocks.lowerBound * Int(ENSUE_KEY_BLOCK)
    let count = min(steps.count, task.blocks.upperBound * Int(ENSUE_KEY_BLOCK)) - first
    let part = EnsueSteps(offsets: steps.offsets + first, position: steps.position, count: count)
    ensue_store_steps(
      plan.type.kernel, part, rows.pointer + first * size * plan.type.size,
      target.freshPointer + plan.offset(head: task.keyHead, size: size), target.shape[1], size)
  }
}
