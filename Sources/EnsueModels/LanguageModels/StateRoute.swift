// Streams that are read side by side, some of them in several pieces: with which states a piece begins, and which are
// carried on. Pieces are packed like any sequences, so no step knows of them.

import EnsueLayers
import EnsueTensor

/// How the states of streams go into the sequences of a batch and out of it.
public struct StateRoute: Sendable, Equatable {
  /// For each sequence, in the caller's order, the stream whose states it begins with; nil where it begins anew.
  private let origins: [Int?]
  /// For each stream, the sequence whose states are carried on.
  private let ends: [Int]

  /// nil where every stream is a sequence that goes on: states are then carried as they are.
  public init?(origins: [Int?], ends: [Int]) {
    if origins.enumerated().allSatisfy({ $0.element == $0.offset }) { return nil }
    (self.origins, self.ends) = (origins, ends)
  }

  /// The states that the sequences begin with, longest first.
  /// - Parameters:
  ///   - carried: of the streams, in their order.
  ///   - stack: it has the states of those that begin anew.
  func states(from carried: [[RecurrentState]], _ stack: RecurrentStack, _ layout: PackedLayout) -> [[RecurrentState]] {
    let rows = layout.order.map { Int32(origins[$0] ?? ends.count) }
    return zip(carried, stack.layers).map { directions, layer in
      directions.map { state in
        let type = state.tensors.first?.elementType ?? .float32
        let anew = layer.forward.initialState(batchSize: 1, type)
        return RecurrentState(
          zip(state.tensors, anew.tensors).map { concatenated([$0, $1], axis: 0).gathered(rows) })
      }
    }
  }

  /// The states of the streams, in their order.
  /// - Parameter states: after the last steps of the sequences, longest first.
  func carried(_ states: [[RecurrentState]], _ layout: PackedLayout) -> [[RecurrentState]] {
    let positions = layout.positions
    let rows = ends.map { positions[$0] }
    return states.map { $0.map { RecurrentState($0.tensors.map { $0.gathered(rows) }) } }
  }
}
