// Sequences of different lengths without padding: time-major, longest first. The rows of step t are those of the
// sequences that are longer than t, and follow those of step t - 1.

/// Where each step of each sequence of a batch stands among the packed rows.
public struct PackedLayout: Sendable, Equatable {
  /// The lengths, longest first; all at least 1.
  public let lengths: [Int]
  /// The position in the caller's batch of each sequence, longest first.
  public let order: [Int]
  /// The packed row where each step begins, and at the end the number of rows.
  package let offsets: [Int64]

  /// - Parameter lengths: in the caller's order; each at least 1. Equal lengths keep that order.
  public init(lengths: [Int]) {
    precondition(
      !lengths.isEmpty && lengths.allSatisfy { $0 > 0 }, "a packed batch needs sequences of length 1 or more")
    order = lengths.indices.sorted { lengths[$0] != lengths[$1] ? lengths[$0] > lengths[$1] : $0 < $1 }
    let sorted = order.map { lengths[$0] }
    self.lengths = sorted
    var offsets: [Int64] = [0]
    var alive = sorted.count
    for step in 0..<sorted[0] {
      while sorted[alive - 1] <= step { alive -= 1 }
      offsets.append(offsets[step] + Int64(alive))
    }
    self.offsets = offsets
  }

  public var batchSize: Int { lengths.count }
  public var stepCount: Int { offsets.count - 1 }
  /// The number of packed rows: the sum of the lengths.
  public var rowCount: Int { Int(offsets[stepCount]) }

  /// How many sequences are alive at a step.
  public func aliveCount(at step: Int) -> Int { Int(offsets[step + 1] - offsets[step]) }

  /// The packed row of a step of the sequence at `position` (longest first).
  public func row(step: Int, position: Int) -> Int { Int(offsets[step]) + position }

  /// The packed rows of the last steps, longest sequence first.
  package var lastRows: [Int32] { lengths.indices.map { Int32(row(step: lengths[$0] - 1, position: $0)) } }

  /// The packed rows of the first steps, longest sequence first.
  package var firstRows: [Int32] { lengths.indices.map(Int32.init) }

  /// For each sequence of the caller's batch, its position longest first.
  package var positions: [Int32] {
    var positions = [Int32](repeating: 0, count: order.count)
    for (position, original) in order.enumerated() { positions[original] = Int32(position) }
    return positions
  }
}
