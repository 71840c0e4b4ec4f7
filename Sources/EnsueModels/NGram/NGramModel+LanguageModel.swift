// An n-gram model step by step: what it remembers are the last symbols.

import EnsueFiles
import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension NGramModel: LanguageModel {
  /// It forgets what it does not need.
  public var contextLength: Int? { nil }

  /// The last symbols of every sequence, at most order − 1.
  public func makeMemory(batchSize: Int) -> [[Int32]] { [[Int32]](repeating: [], count: batchSize) }

  public func next(_ tokens: PackedTokens, _ memory: inout [[Int32]]) throws(Failure) -> Tensor {
    let sequences = tokens.sequences
    precondition(sequences.count == memory.count, "\(sequences.count) sequences with a memory of \(memory.count)")
    for (place, sequence) in sequences.enumerated() {
      memory[place] = Array(reach(of: (memory[place] + sequence)[...]))
    }
    return scores(after: memory)
  }

  public func select(_ sequences: [Int], in memory: inout [[Int32]]) { memory = sequences.map { memory[$0] } }

  /// log p of every symbol after some contexts: [contexts, vocabulary].
  public func scores(after contexts: [[Int32]]) -> Tensor {
    let width = vocabularySize
    let scores = [Float](unsafeUninitializedCapacity: contexts.count * width) { buffer, initialized in
      for (row, context) in contexts.enumerated() {
        for (symbol, probability) in probabilities(after: context).enumerated() {
          buffer[row * width + symbol] = Float(log(probability))
        }
      }
      initialized = contexts.count * width
    }
    return Tensor(scores, shape: [contexts.count, width])
  }
}
