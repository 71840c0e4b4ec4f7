// Vectors of places, added to the vectors that stand there (Vaswani et al. 2017; learned: Gehring et al. 2017).

import EnsueFiles
import EnsueTensor

/// x_t + PE(t); a packed row's place is its step.
public struct Positions: Module {
  public let kind: PositionKind
  /// Learned positions: [maximumLength, features].
  public private(set) var table: Tensor?

  /// - Parameters:
  ///   - maximumLength: places of a learned table; the other kinds have no end.
  ///   - deviation: of a learned table's first values.
  public init(
    _ kind: PositionKind, featureCount: Int, maximumLength: Int, deviation: Double = 0.02, key: RandomKey
  ) {
    self.kind = kind
    switch kind {
    case .none, .sinusoidal, .rotary: table = nil
    case .learned: table = .normal([maximumLength, featureCount], deviation: deviation, key: key)
    }
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    if var tensor = table {
      visitor.parameter("table", &tensor)
      table = tensor
    }
  }

  /// The longest sequence there are places for; nil where any length will do.
  public var maximumLength: Int? { table?.shape[0] }

  /// Refuses sequences that are longer than a learned table. To be asked wherever lengths come from an input.
  /// - Parameter starts: steps before the first, in the caller's order; nil for none.
  /// - Throws: `Failure` of kind `data`.
  public func check(_ layout: PackedLayout, from starts: [Int]? = nil) throws(Failure) {
    guard let maximumLength else { return }
    for (position, sequence) in layout.order.enumerated() {
      let length = (starts?[sequence] ?? 0) + layout.lengths[position]
      if length > maximumLength {
        throw Failure(
          .data, "sequences of at most \(maximumLength) tokens expected by learned positions, found one of \(length)",
          advice: "Cut it, or train a model with more positions.")
      }
    }
  }

  /// Adds the vectors of the places.
  /// - Parameters:
  ///   - vectors: [rows, features]; not longer than `maximumLength` (`check`).
  ///   - starts: steps before the first of `vectors`, in the caller's order; nil for none.
  public func callAsFunction(_ vectors: PackedSequence, from starts: [Int]? = nil) -> PackedSequence {
    switch kind {
    case .none, .rotary: return vectors
    case .sinusoidal:
      let steps = vectors.layout.places(from: starts)
      let first = steps.min() ?? 0
      let table = SinusoidalPositions.vectors(of: first..<(steps.max() ?? 0) + 1, width: vectors.featureCount)
        .converted(to: vectors.values.elementType)
      return vectors.replacingValues(vectors.values + table.gathered(steps.map { Int32($0 - first) }))
    case .learned:
      guard let table else { return vectors }
      let steps = vectors.layout.places(from: starts)
      precondition(
        (steps.max() ?? 0) < table.shape[0], "positions: a table of \(table.shape) has no place \(steps.max() ?? 0)")
      return vectors.replacingValues(vectors.values + table.gathered(steps.map(Int32.init)))
    }
  }

  /// The vectors of symbols at their places: `vectorScale` times the vector, plus the position's.
  public func embedded(_ vectors: PackedSequence, from starts: [Int]? = nil) -> PackedSequence {
    let scale = kind.vectorScale(featureCount: vectors.featureCount)
    return self(scale == 1 ? vectors : vectors.replacingValues(vectors.values * scale), from: starts)
  }
}
