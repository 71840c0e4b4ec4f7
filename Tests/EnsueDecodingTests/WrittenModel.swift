// A language model whose scores a test writes down.

import EnsueFiles
import EnsueModels
import EnsueTensor

/// A model whose scores are a function of what was read.
struct WrittenModel: LanguageModel {
  let vocabularySize: Int
  var contextLength: Int?
  let scores: @Sendable ([Int32]) -> [Double]

  func makeMemory(batchSize: Int) -> [[Int32]] { .init(repeating: [], count: batchSize) }

  func next(_ tokens: PackedTokens, _ memory: inout [[Int32]]) throws(Failure) -> Tensor {
    for (row, more) in tokens.sequences.enumerated() { memory[row] += more }
    return Tensor(memory.flatMap(scores), shape: [memory.count, vocabularySize])
  }

  func select(_ sequences: [Int], in memory: inout [[Int32]]) { memory = sequences.map { memory[$0] } }

  /// Scores drawn for every history anew.
  static func random(_ vocabularySize: Int, seed: UInt64) -> WrittenModel {
    WrittenModel(vocabularySize: vocabularySize) { read in
      let key = read.reduce(RandomKey(seed: seed)) { $0.derived(Int($1)) }
      return (0..<vocabularySize).map { Double(key.bits(at: $0) >> 11) * 0x1p-53 * 4 }
    }
  }
}
