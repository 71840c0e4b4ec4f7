// The location-based score (Luong, Pham and Manning, Effective approaches to attention-based neural machine
// translation, 2015).

import EnsueTensor

extension AttentionFunctionCard {
  public static let location = AttentionFunctionCard(
    title: "location", equation: "act(W q)_j", summary: "the query alone says which steps it wants, whatever is there",
    paper: "Luong et al. 2015")
}

/// act(W q)_j for the key at step j.
///
/// W has a row for each of a fixed number of steps. Shorter sequences use the first of them; of longer ones the later
/// steps have no part (Luong et al. do the same).
public struct LocationScore: AttentionScore {
  /// [positions, query width]
  public var weight: Tensor
  public let activation: ActivationKind

  public init(querySize: Int, positionCount: Int, activation: ActivationKind = .tanh, key: RandomKey) {
    weight = newMatrix(output: positionCount, input: querySize, key: key.derived("weight"))
    self.activation = activation
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
  }

  public var keyLimit: Int? { weight.shape[0] }

  /// Steps that W does not know have the score 0; an `Attention` leaves them out.
  public func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    let (known, wanted) = (weight.shape[0], layout.keys.stepCount)
    let scores = activation(matmul(queries, weight, transposingRight: true))
    guard wanted > known else { return queryScores(scores, layout) }
    let rest = Tensor.zeros([queries.shape[0], wanted - known], queries.elementType)
    return queryScores(concatenated([scores, rest]), layout)
  }
}
