// A vector for every token.

import EnsueTensor

/// A table of vectors, one row a token id.
///
/// Row 0 is padding and never looked up in packed batches; row 1 is the unknown token, which is trained even
/// where the other rows are frozen.
public struct Embedding: Module {
  public static let paddingRow = 0
  public static let unknownRow = 1

  /// [vocabulary, features]
  public var weight: Tensor
  /// Whether all rows are trained, or the unknown token's only.
  public let isTrained: Bool

  /// Rows uniform on ±`bound`, the padding row zero.
  public init(vocabularySize: Int, featureCount: Int, bound: Double = 0.25, isTrained: Bool = true, key: RandomKey) {
    var values = Tensor.uniform([vocabularySize, featureCount], in: -bound...bound, key: key).floats
    for column in 0..<min(featureCount, values.count) { values[column] = 0 }
    self.init(weight: Tensor(values, shape: [vocabularySize, featureCount]), isTrained: isTrained)
  }

  /// A table that exists already, such as word vectors.
  public init(weight: Tensor, isTrained: Bool) {
    self.weight = weight
    self.isTrained = isTrained
  }

  public var featureCount: Int { weight.shape[1] }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight, training: isTrained ? .all : .rows([Embedding.unknownRow]))
  }

  /// The vectors of a batch of tokens.
  public func callAsFunction(_ tokens: PackedTokens) -> PackedSequence {
    PackedSequence(layout: tokens.layout, values: vectors(tokens.ids))
  }

  private func vectors(_ ids: [Int32]) -> Tensor {
    if isTrained { return weight.gathered(ids) }
    // Without an unknown token in the batch nothing depends on a trained row, and no gradient need be computed.
    guard ids.contains(Int32(Embedding.unknownRow)) else { return weight.detached.gathered(ids) }
    return weight.gathered(ids, gradientRow: Int32(Embedding.unknownRow))
  }
}
