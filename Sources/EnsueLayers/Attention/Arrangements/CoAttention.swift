// Parallel co-attention (Lu, Yang, Batra and Parikh, Hierarchical question-image co-attention for visual question
// answering, 2016): two sequences attend to each other at once.

import EnsueTensor

/// One vector for each of two sequences, each made with a view to the other.
///
/// With rows a_n of the first and b_t of the second sequence, C_nt = tanh(a_nᵀ W b_t):
/// H_n = tanh(A a_n + Σ_t C_nt B b_t), weights softmax_n(v_A · H_n), first vector Σ_n weight_n a_n;
/// G_t = tanh(B b_t + Σ_n C_nt A a_n), weights softmax_t(v_B · G_t), second vector Σ_t weight_t b_t.
public struct CoAttention: Module {
  /// W, [first width, second width]
  public var affinity: GeneralScore
  /// A, [hidden, first width]
  public var firstWeight: Tensor
  /// B, [hidden, second width]
  public var secondWeight: Tensor
  /// v_A, [1, hidden]
  public var firstVector: Tensor
  /// v_B, [1, hidden]
  public var secondVector: Tensor

  public init(firstSize: Int, secondSize: Int, hiddenSize: Int, key: RandomKey) {
    affinity = GeneralScore(querySize: firstSize, keySize: secondSize, key: key.derived("affinity"))
    firstWeight = newMatrix(output: hiddenSize, input: firstSize, key: key.derived("firstWeight"))
    secondWeight = newMatrix(output: hiddenSize, input: secondSize, key: key.derived("secondWeight"))
    firstVector = newMatrix(output: 1, input: hiddenSize, key: key.derived("firstVector"))
    secondVector = newMatrix(output: 1, input: hiddenSize, key: key.derived("secondVector"))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("affinity", &affinity)
    visitor.parameter("firstWeight", &firstWeight)
    visitor.parameter("secondWeight", &secondWeight)
    visitor.parameter("firstVector", &firstVector)
    visitor.parameter("secondVector", &secondVector)
  }

  /// - Parameters:
  ///   - first, second: as many sequences each; the sequences of the same place in the caller's order belong together.
  public func callAsFunction(_ first: PackedSequence, _ second: PackedSequence) -> CoAttentionOutput {
    let (a, b) = (first.values, second.values)
    let (projectedA, projectedB) = (
      matmul(a, firstWeight, transposingRight: true), matmul(b, secondWeight, transposingRight: true)
    )
    // The affinities are wanted in the order of either side's pairs.
    let mappedB = affinity.prepared(b, second.layout)
    let (ofFirst, ofSecond) = (
      PairLayout(queries: first.layout, keys: second.layout), PairLayout(queries: second.layout, keys: first.layout)
    )
    let affinities = tanh(pairDots(a, mappedB, ofFirst))
    let seenByFirst = pairWeightedSums(affinities, projectedB, ofFirst)
    let seenBySecond = pairWeightedSums(tanh(pairDots(mappedB, a, ofSecond)), projectedA, ofSecond)
    return CoAttentionOutput(
      first: CoAttention.pooled(first, tanh(projectedA + seenByFirst), firstVector),
      second: CoAttention.pooled(second, tanh(projectedB + seenBySecond), secondVector), affinities: affinities)
  }

  private static func pooled(
    _ sequence: PackedSequence, _ hidden: Tensor, _ vector: Tensor
  ) -> CoAttentionOutput.Side {
    let weights = sequence.replacingValues(matmul(hidden, vector, transposingRight: true)).softmax()
    let sums = sequence.replacingValues(sequence.values * weights.values).sum()
    return CoAttentionOutput.Side(vectors: sums.gathered(sequence.layout.positions), weights: weights)
  }
}

/// What co-attention gives for either sequence.
public struct CoAttentionOutput: Sendable {
  public struct Side: Sendable {
    /// [batch, width], in the caller's order: the two layouts may order the sequences differently.
    public let vectors: Tensor
    /// The weight of each step, [rows, 1].
    public let weights: PackedSequence
  }

  public let first: Side
  public let second: Side
  /// C, a number for each pair of `PairLayout(queries: first, keys: second)`: [pairs, 1].
  public let affinities: Tensor
}
