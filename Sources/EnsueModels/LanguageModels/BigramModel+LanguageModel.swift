// A bigram table step by step: it has nothing to remember.

import EnsueFiles
import EnsueTensor

/// What a bigram table keeps between symbols: nothing.
public struct BigramMemory: Sendable {}

extension BigramModel: LanguageModel {
  public var vocabularySize: Int { table.shape[0] }

  /// It reads one symbol, and forgets it.
  public var contextLength: Int? { nil }

  public func makeMemory(batchSize: Int) -> BigramMemory { BigramMemory() }

  public func next(_ tokens: PackedTokens, _ memory: inout BigramMemory) throws(Failure) -> Tensor {
    table.detached.gathered(tokens.sequences.map { $0[$0.count - 1] })
  }

  public func select(_ sequences: [Int], in memory: inout BigramMemory) {}
}
