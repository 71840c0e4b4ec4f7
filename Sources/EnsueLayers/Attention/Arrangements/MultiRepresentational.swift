// Several embeddings of the same tokens, weighed token by token (Kiela, Wang and Cho, Dynamic meta-embeddings for
// improved sentence representations, 2018).

import EnsueTensor

/// A weighted sum of several representations: x'_i = P_i x_i + c_i, a = softmax_i(v·x'_i + b), output Σ_i a_i x'_i.
public struct MultiRepresentational: Module {
  /// P_i and c_i: each representation in the same space.
  public var projections: [Linear]
  /// v and b.
  public var score: Linear

  /// - Parameter inputSizes: the width of each representation.
  public init(inputSizes: [Int], outputSize: Int, key: RandomKey) {
    precondition(!inputSizes.isEmpty, "a weighted sum of representations needs at least one")
    projections = inputSizes.enumerated().map {
      Linear(inputSize: $1, outputSize: outputSize, key: key.derived("projections").derived($0))
    }
    score = Linear(inputSize: outputSize, outputSize: 1, key: key.derived("score"))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    for index in projections.indices { visitor.module("projections.\(index)", &projections[index]) }
    visitor.module("score", &score)
  }

  /// - Parameter representations: of the same tokens, in the order of `inputSizes`.
  public func callAsFunction(_ representations: [PackedSequence]) -> MultiRepresentationalOutput {
    precondition(
      representations.count == projections.count
        && representations.allSatisfy { $0.layout == representations[0].layout },
      "\(projections.count) representations of the same tokens expected, found \(representations.count)")
    let projected = zip(projections, representations).map { $0($1.values) }
    let weights = softmax(concatenated(projected.map { score($0) }))
    let terms = projected.enumerated().map { $1 * weights.sliced($0..<$0 + 1) }
    return MultiRepresentationalOutput(
      values: representations[0].replacingValues(terms.dropFirst().reduce(terms[0]) { $0 + $1 }), weights: weights)
  }
}

/// What a weighted sum of representations gives.
public struct MultiRepresentationalOutput: Sendable {
  public let values: PackedSequence
  /// The weight of each representation of each token, [rows, representations].
  public let weights: Tensor
}
