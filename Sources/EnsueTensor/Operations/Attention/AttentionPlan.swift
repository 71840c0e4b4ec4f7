// The sizes of fused attention, and how its work is dealt out.

import EnsueKernels

/// Heads, sizes and reach of one fused attention, checked.
struct AttentionPlan: Sendable {
  let layout: PairLayout
  let headCount: Int
  let keyHeadCount: Int
  let keySize: Int
  let valueSize: Int
  let scale: Double
  let reach: AttentionReach
  let dropout: AttentionDropout?
  let type: ElementType

  init(
    _ operation: StaticString, _ queries: Tensor, _ keys: Tensor, _ values: Tensor, _ layout: PairLayout,
    headCount: Int, keyHeadCount: Int?, scale: Double?, reach: AttentionReach, dropout: AttentionDropout?
  ) {
    layout.check(operation, queries: queries, keys: keys)
    layout.check(operation, queries: queries, keys: values)
    let keyHeads = keyHeadCount ?? headCount
    let fits =
      headCount > 0 && keyHeads > 0 && headCount % keyHeads == 0 && queries.shape[1] % headCount == 0
      && keys.shape[1] % keyHeads == 0 && values.shape[1] % keyHeads == 0
      && queries.shape[1] / headCount == keys.shape[1] / keyHeads
    precondition(
      fits,
      """
      \(operation): queries \(queries.shape) in \(headCount) heads, keys \(keys.shape) and values \(values.shape) in \
      \(keyHeads) do not fit
      """)
    self.layout = layout
    self.headCount = headCount
    self.keyHeadCount = keyHeads
    keySize = keys.shape[1] / keyHeads
    valueSize = values.shape[1] / keyHeads
    self.scale = scale ?? 1 / Double(max(1, keySize)).squareRoot()
    self.reach = reach
    self.dropout = dropout
    type = queries.elementType
  }

  /// The heads that share a head of keys.
  func heads(ofKeyHead keyHead: Int) -> Range<Int> {
    let group = headCount / keyHeadCount
    return keyHead * group..<(keyHead + 1) * group
  }

  /// One head over the sequence at a position of the queries.
  func kernel(position: Int, head: Int, queries: EnsueSteps, keyCount: Int, start: Int = 0) -> EnsueAttention {
    let key = dropout.map { $0.key.derived(layout.queries.order[position]).derived(head) }
    let (before, after, block) = reach.limits
    return EnsueAttention(
      element: type.kernel, queries: queries, keyCount: keyCount, keySize: keySize, valueSize: valueSize,
      queryStride: headCount * keySize, valueStride: headCount * valueSize, logStride: headCount,
      start: Int64(start), before: before, after: after, block: block, scale: scale, dropoutKey: key?.seed ?? 0,
      dropoutStream: key?.stream ?? 0, keep: dropout?.keep ?? 65536)
  }

  /// The first number of a head in a matrix of heads side by side.
  func offset(head: Int, size: Int) -> Int { head * size * type.size }
}

/// A part of one sequence's attention that one thread does.
struct AttentionTask {
  let position: Int
  let keyHead: Int
  let queries: Range<Int>
  /// Blocks of keys, for gradients.
  let blocks: Range<Int>
  let makesQueries: Bool
  let makesKeys: Bool
  /// Pairs that meet, some more for each row.
  let work: Int
}

extension AttentionPlan {
  /// Tasks by sequence and head of keys; where those are too few for the threads, queries are divided too. A query's
  /// row does not depend on how.
  func forwardTasks() -> [AttentionTask] {
    let pieces = piecesOfHead(atLeast: 2 * ThreadPool.current.threadCount)
    return sorted { position, keyHead in
      divided(layout.queries.lengths[position], by: Int(ENSUE_QUERY_TILE), into: pieces).map {
        task(position, keyHead, queries: $0, blocks: allBlocks(position), (true, true))
      }
    }
  }

  /// As above; divided tasks make the gradients of the queries by queries, and those of the keys by keys.
  func backwardTasks(needsQueries: Bool, needsKeys: Bool) -> [AttentionTask] {
    let pieces = piecesOfHead(atLeast: ThreadPool.current.threadCount)
    return sorted { position, keyHead in
      let (queries, blocks) = (0..<layout.queries.lengths[position], allBlocks(position))
      if pieces == 1 { return [task(position, keyHead, queries: queries, blocks: blocks, (needsQueries, needsKeys))] }
      let byQueries = !needsQueries ? [] : divided(queries.count, by: Int(ENSUE_QUERY_TILE), into: pieces)
      let byKeys = !needsKeys ? [] : divided(blocks.count, by: 1, into: pieces)
      return byQueries.map { task(position, keyHead, queries: $0, blocks: blocks, (true, false)) }
        + byKeys.map { task(position, keyHead, queries: queries, blocks: $0, (false, true)) }
    }
  }

  private func piecesOfHead(atLeast count: Int) -> Int {
    let whole = layout.batchSize * keyHeadCount
    return whole >= count || ThreadPool.current.threadCount == 1 ? 1 : (count + whole - 1) / whole
  }

  private func allBlocks(_ position: Int) -> Range<Int> { 0..<KeyBlocks.count(steps: layout.keyCount(at: position)) }

  /// 0 ..< count in pieces that begin at multiples of `unit`.
  private func divided(_ count: Int, by unit: Int, into pieces: Int) -> [Range<Int>] {
    let units = (count + unit - 1) / unit
    return (0..<pieces).map { piece in
      units * piece / pieces * unit..<min(count, units * (piece + 1) / pieces * unit)
    }.filter { !$0.isEmpty }
  }

  private func task(
    _ position: Int, _ keyHead: Int, queries: Range<Int>, blocks: Range<Int>, _ makes: (queries: Bool, keys: Bool)
  ) -> AttentionTask {
    let keyCount = layout.keyCount(at: position)
    let reached = queries.reduce(0) { $0 + reach.keyCount(queryStep: $1, of: keyCount) }
    let share = allBlocks(position).count / max(1, blocks.count)
    return AttentionTask(
      position: position, keyHead: keyHead, queries: queries, blocks: blocks, makesQueries: makes.queries,
      makesKeys: makes.keys, work: (reached / max(1, share) + keyCount + queries.count) * (headCount / keyHeadCount))
  }

  /// All tasks, the longest first: what threads take over from each other at last is the shortest of a part.
  private func sorted(_ tasks: (_ position: Int, _ keyHead: Int) -> [AttentionTask]) -> [AttentionTask] {
    let all = (0..<layout.batchSize).flatMap { position in
      (0..<keyHeadCount).flatMap { tasks(position, $0) }
    }
    return all.enumerated().sorted { ($0.element.work, $1.offset) > ($1.element.work, $0.offset) }.map(\.element)
  }

  /// Runs all tasks on the pool, each with the steps of its sequence.
  func run(_ tasks: [AttentionTask], _ body: (AttentionTask, _ queries: EnsueSteps, _ keys: EnsueSteps) -> Void) {
    let work = tasks.reduce(0) { $0 + $1.work } * (keySize + valueSize)
    let pool = work < 1 << 16 ? ThreadPool.single : ThreadPool.current
    layout.withKernelSteps { steps in
      pool.run(shares: tasks.count) { index in
        let (queries, keys) = steps(tasks[index].position)
        body(tasks[index], queries, keys)
      }
    }
  }
}
