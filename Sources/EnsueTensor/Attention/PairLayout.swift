// Which queries meet which keys, and in which order pairs stand. The walk over sequences and their steps is written
// here once; operations receive one sequence at a time.

import EnsueKernels

/// Which query rows meet which key rows: each query of a sequence meets every key of the same sequence, of two packed
/// batches of the same caller's batch.
///
/// Pairs are ordered by packed query row, then by key step. A tensor over pairs has the shape [pairs, features].
public struct PairLayout: Sendable, Equatable {
  public let queries: PackedLayout
  /// As many sequences as `queries`; they are matched by the caller's order.
  public let keys: PackedLayout
  /// The pairs of query row r are offsets[r] ..< offsets[r + 1], one for each key step.
  public let offsets: [Int64]
  /// For each sequence, in the order of `queries`, its position among `keys`.
  package let keyPositions: [Int]

  public init(queries: PackedLayout, keys: PackedLayout) {
    precondition(
      queries.batchSize == keys.batchSize,
      "queries of \(queries.batchSize) sequences cannot meet keys of \(keys.batchSize)")
    self.queries = queries
    self.keys = keys
    let positions = keys.positions
    keyPositions = queries.order.map { Int(positions[$0]) }
    var offsets: [Int64] = [0]
    offsets.reserveCapacity(queries.rowCount + 1)
    for step in 0..<queries.stepCount {
      for position in 0..<queries.aliveCount(at: step) {
        offsets.append(offsets[offsets.count - 1] + Int64(keys.lengths[keyPositions[position]]))
      }
    }
    self.offsets = offsets
  }

  /// A batch with itself.
  public init(_ sequence: PackedLayout) { self.init(queries: sequence, keys: sequence) }

  public var batchSize: Int { queries.batchSize }
  public var pairCount: Int { Int(offsets[offsets.count - 1]) }

  /// The pairs of a packed query row.
  public func pairs(ofQueryRow row: Int) -> Range<Int> { Int(offsets[row])..<Int(offsets[row + 1]) }

  /// The number of keys of the sequence at a position of `queries`.
  public func keyCount(at position: Int) -> Int { keys.lengths[keyPositions[position]] }

  /// The packed key row of a key step of the sequence at a position of `queries`.
  public func keyRow(step: Int, position: Int) -> Int { keys.row(step: step, position: keyPositions[position]) }
}

/// One query row and its pairs.
public struct QueryPairs: Sendable {
  /// The sequence in the caller's order, and among the packed queries.
  public let sequence: Int
  public let position: Int
  public let step: Int
  /// The packed query row.
  public let row: Int
  /// One pair for each key step.
  public let pairs: Range<Int>
}

extension PairLayout {
  /// Every query row in packed order.
  public func forEachQuery(_ body: (QueryPairs) -> Void) {
    for step in 0..<queries.stepCount {
      for position in 0..<queries.aliveCount(at: step) {
        let row = queries.row(step: step, position: position)
        body(
          QueryPairs(
            sequence: queries.order[position], position: position, step: step, row: row, pairs: pairs(ofQueryRow: row)))
      }
    }
  }

  /// For each pair, the packed row of its query.
  public var queryRows: [Int32] {
    var rows = [Int32](repeating: 0, count: pairCount)
    forEachQuery { query in for pair in query.pairs { rows[pair] = Int32(query.row) } }
    return rows
  }

  /// For each pair, the packed row of its key.
  public var keyRows: [Int32] {
    var rows = [Int32](repeating: 0, count: pairCount)
    forEachQuery { query in
      for (step, pair) in query.pairs.enumerated() {
        rows[pair] = Int32(keyRow(step: step, position: query.position))
      }
    }
    return rows
  }

  /// Below this many elements a second thread costs more than it saves.
  private static let smallestWork = 1 << 14

  /// Runs `body` for every sequence (its position among the queries, and its pairs), dealt to the pool's threads.
  ///
  /// - Parameter features: numbers of one pair that are worked on.
  func forEachSequence(_ type: ElementType, features: Int, _ body: (Int, EnsuePairs) -> Void) {
    let pool = pairCount * max(1, features) < PairLayout.smallestWork ? ThreadPool.single : ThreadPool.current
    withKernelSteps { steps in
      offsets.withUnsafeBufferPointer { starts in
        pool.run(shares: batchSize) { position in
          let (queries, keys) = steps(position)
          body(
            position, EnsuePairs(element: type.kernel, queries: queries, keys: keys, starts: starts.baseAddress))
        }
      }
    }
  }

  /// Where the query and the key steps of the sequence at a position stand, for kernels, valid in `body`.
  func withKernelSteps(_ body: ((Int) -> (queries: EnsueSteps, keys: EnsueSteps)) -> Void) {
    queries.offsets.withUnsafeBufferPointer { queryOffsets in
      keys.offsets.withUnsafeBufferPointer { keyOffsets in
        body { position in
          let keyPosition = keyPositions[position]
          return (
            EnsueSteps(offsets: queryOffsets.baseAddress, position: position, count: queries.lengths[position]),
            EnsueSteps(offsets: keyOffsets.baseAddress, position: keyPosition, count: keys.lengths[keyPosition])
          )
        }
      }
    }
  }

  /// Checks that tensors have a row for each query, key or pair.
  func check(_ operation: StaticString, queries: Tensor? = nil, keys: Tensor? = nil, pairs: Tensor? = nil) {
    let given = [queries, keys, pairs]
    let expected = [self.queries.rowCount, self.keys.rowCount, pairCount]
    let fit = zip(given, expected).allSatisfy { tensor, rows in
      tensor.map { $0.shape.rank == 2 && $0.shape[0] == rows } ?? true
    }
    let types = Set(given.compactMap { $0?.elementType })
    precondition(
      fit && types.count == 1,
      """
      \(operation): shapes \(given.compactMap { $0?.shape.description }.joined(separator: " and ")) do not fit \
      \(expected[0]) query rows, \(expected[1]) key rows and \(expected[2]) pairs, or their types differ
      """)
  }
}
