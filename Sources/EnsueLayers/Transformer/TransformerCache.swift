// What a stack keeps of the steps it has taken.

import EnsueTensor

/// Keys and values of every block of a stack: with them a step costs what one row costs.
public struct TransformerCache: Sendable {
  /// Of the self-attention, one a block.
  public internal(set) var blocks: [KeyValueCache]
  /// Of the encoder's rows, one a block; empty in a stack without an encoder.
  public internal(set) var memories: [KeyValueCache]

  /// Steps taken so far, in the caller's order; empty before the first.
  public var lengths: [Int] { blocks.first?.lengths ?? [] }

  /// Sequences in another order, some twice, some not at all: what a beam search keeps.
  /// - Parameter indexes: numbers of sequences in the caller's order.
  public mutating func keepSequences(_ indexes: [Int]) {
    // Before the first step the blocks know no sequences.
    if !lengths.isEmpty { for index in blocks.indices { blocks[index].keepSequences(indexes) } }
    for index in memories.indices { memories[index].keepSequences(indexes) }
  }
}
