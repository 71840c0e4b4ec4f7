// The smallest language model: the next symbol given the last one, a table. The baseline before any network.

import EnsueLayers
import EnsueTensor

/// logits of the symbol after a: a row of a table, [vocabulary, vocabulary].
public struct BigramModel: Module {
  /// [vocabulary, vocabulary]: a row for the last symbol, a column for the next.
  public var table: Tensor

  /// All symbols equally likely.
  public init(vocabularySize: Int) { table = .zeros([vocabularySize, vocabularySize]) }

  /// What the pairs of some sequences say: log((count(a, b) + pseudocount) / (count(a) + pseudocount · vocabulary)).
  ///
  /// With pseudocounts near 0 it is the table of largest likelihood, which training approaches.
  /// - Parameters:
  ///   - sequences: ids below `vocabularySize`.
  ///   - pseudocount: added to the count of every pair, above 0 (Laplace's is 1).
  public init(counting sequences: [[Int32]], vocabularySize: Int, pseudocount: Double = 1) {
    precondition(pseudocount > 0, "a bigram model's pseudocount is above 0, not \(pseudocount)")
    precondition(
      sequences.allSatisfy { $0.allSatisfy { $0 >= 0 && Int($0) < vocabularySize } },
      "a bigram model of \(vocabularySize) symbols cannot count others")
    var counts = [Double](repeating: pseudocount, count: vocabularySize * vocabularySize)
    for sequence in sequences {
      for (last, next) in zip(sequence, sequence.dropFirst()) { counts[Int(last) * vocabularySize + Int(next)] += 1 }
    }
    let logarithms = log(Tensor(counts, shape: [vocabularySize, vocabularySize]))
    table = logSoftmax(logarithms).converted(to: .float32)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) { visitor.parameter("table", &table) }

  /// Scores of the symbol after every packed row: [rows, vocabulary].
  public func callAsFunction(_ tokens: PackedTokens) -> Tensor { table.gathered(tokens.ids) }

  /// The mean cross-entropy of the symbols that follow.
  /// - Parameter targets: of every packed row, the symbol after it.
  public func loss(_ tokens: PackedTokens, targets: [Int]) -> Tensor {
    crossEntropy(logits: self(tokens), targets: targets)
  }
}
