// What is computed of the keys before any query comes.

import EnsueTensor

/// Keys with what a score needs of them, computed once.
public struct PreparedKeys: Sendable {
  public let keys: PackedSequence
  let prepared: Tensor
}
