// What a stack keeps of the steps it has taken.

import EnsueTensor

/// Keys and values of every block of a stack: with them a step costs what one row costs.
public struct TransformerCache: Sendable {
  /// Of the self-attention, one a block.
  public internal(set) var blocks: [KeyValueCache]
  /// Of the encoder's rows, one a block; empty in a stack without an encoder.
  public internal(set) var memories: [KeyValueCache]
  /// What asked the encoder's rows at the last step of each sequence, one a block: [sequences then, width].
  private var asked: [Tensor] = []
  /// The row of each sequence there.
  private var askedRows: [Int32] = []

  init(blocks: [KeyValueCache], memories: [KeyValueCache]) { (self.blocks, self.memories) = (blocks, memories) }

  /// Steps taken so far, in the caller's order; empty before the first.
  public var lengths: [Int] { blocks.first?.lengths ?? [] }

  /// Sequences in another order, some twice, some not at all: what a beam search keeps.
  /// - Parameter indexes: numbers of sequences in the caller's order.
  public mutating func keepSequences(_ indexes: [Int]) {
    // Before the first step the blocks know no sequences.
    if !lengths.isEmpty { for index in blocks.indices { blocks[index].keepSequences(indexes) } }
    for index in memories.indices { memories[index].keepSequences(indexes) }
    if !askedRows.isEmpty { askedRows = indexes.map { askedRows[$0] } }
  }

  /// What asked the encoder's rows at the last step: for each block [sequences, width]; empty before the first.
  var crossQueries: [Tensor] { asked.map { $0.gathered(askedRows) } }

  /// - Parameter queries: for each block a row for each sequence.
  mutating func asked(_ queries: [Tensor]) {
    asked = queries
    askedRows = (0..<(queries.first?.shape[0] ?? 0)).map(Int32.init)
  }
}
