// Which pairs of queries and keys may meet. Padding needs no mask: it does not exist.

/// Which pairs may meet; where an operation takes a mask, nil means all.
public struct PairMask: Sendable, Equatable {
  /// One byte for each pair, in the layout's order: 1 where it may meet.
  package let allowed: [UInt8]

  private init(allowed: [UInt8]) { self.allowed = allowed }

  /// - Parameter allows: of the sequence in the caller's order, the query's step and the key's.
  public init(_ layout: PairLayout, allows: (_ sequence: Int, _ queryStep: Int, _ keyStep: Int) -> Bool) {
    var allowed = [UInt8](repeating: 0, count: layout.pairCount)
    layout.forEachQuery { query in
      for (step, pair) in query.pairs.enumerated() where allows(query.sequence, query.step, step) { allowed[pair] = 1 }
    }
    self.init(allowed: allowed)
  }

  /// Keys up to the query's own step.
  public static func causal(_ layout: PairLayout) -> PairMask { PairMask(layout) { _, query, key in key <= query } }

  /// Keys at most `radius` steps away.
  public static func window(_ layout: PairLayout, radius: Int) -> PairMask {
    precondition(radius >= 0, "window: the radius \(radius) is negative")
    return PairMask(layout) { _, query, key in abs(key - query) <= radius }
  }

  /// Keys of the same block of `size` consecutive steps.
  public static func blocks(_ layout: PairLayout, size: Int) -> PairMask {
    precondition(size > 0, "blocks: the size \(size) is not positive")
    return PairMask(layout) { _, query, key in key / size == query / size }
  }

  /// The pairs that both allow; both must be of the same layout.
  public func intersection(_ other: PairMask) -> PairMask {
    precondition(
      allowed.count == other.allowed.count, "masks of \(allowed.count) and \(other.allowed.count) pairs do not meet")
    return PairMask(allowed: zip(allowed, other.allowed).map { $0 & $1 })
  }

  /// Whether a pair may meet.
  public subscript(pair: Int) -> Bool { allowed[pair] != 0 }

  func check(_ operation: StaticString, _ layout: PairLayout) {
    precondition(
      allowed.count == layout.pairCount,
      "\(operation): a mask of \(allowed.count) pairs for a layout of \(layout.pairCount)")
  }
}
