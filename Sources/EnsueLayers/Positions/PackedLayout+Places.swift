// The places of packed rows in their sequences.

import EnsueTensor

extension PackedLayout {
  /// The place of each packed row: its step, counted on from where its sequence begins.
  /// - Parameter starts: steps before the first, in the caller's order; nil for none.
  func places(from starts: [Int]? = nil) -> [Int] {
    (0..<stepCount).flatMap { step in
      (0..<aliveCount(at: step)).map { (starts?[order[$0]] ?? 0) + step }
    }
  }
}
