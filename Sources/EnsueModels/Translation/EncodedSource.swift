// What a recurrent encoder makes of a batch of sources.

import EnsueLayers
import EnsueTensor

/// The states of the encoder at every step, and at its ends.
struct EncodedSource {
  let encoding: RecurrentEncoding
  /// [source rows, width]: what attention reads.
  let states: PackedSequence

  init(_ encoding: RecurrentEncoding) { (self.encoding, states) = (encoding, encoding.output) }

  var layout: PackedLayout { states.layout }

  /// The outputs at the true ends of both directions: [batch, width], longest source first.
  var ends: Tensor { encoding.finalOutput }

  /// The row of each sequence of another batch of the same caller's batch among those that stand longest source first.
  func rows(in other: PackedLayout) -> [Int32] {
    let positions = layout.positions
    return other.order.map { positions[$0] }
  }
}
