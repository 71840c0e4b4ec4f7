// A vector for every token.

import EnsueTensor

/// A table of vectors, one row a token id.
///
/// Row 0 is padding and never looked up in packed batches; row 1 is the unknown token, which is trained even
/// where the other rows are frozen.
public struct Embedding: Module {
  public static let paddingRow = 0
  public static let unknownRow = 1

  private var matrix: WeightMatrix
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
    matrix = .tensor(weight)
    self.isTrained = isTrained
  }

  /// [vocabulary, features]; a copy where the table is prepared.
  public var weight: Tensor {
    get { matrix.tensor }
    set { matrix = .tensor(newValue) }
  }
  public var vocabularySize: Int { matrix.rowCount }
  public var featureCount: Int { matrix.columnCount }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    matrix.visit(&visitor, "weight", training: isTrained ? .all : .rows([Embedding.unknownRow]))
  }

  /// The same table laid out for `scores`, in some precision, without gradients; one that is laid out stays as it is.
  public func prepared(_ precision: WeightPrecisionKind = .full) -> Embedding {
    var copy = self
    copy.matrix = matrix.packed(precision)
    return copy
  }

  /// A table of so many rows in this one's form, whose numbers are to come from elsewhere.
  package func awaiting(rowCount: Int) -> Embedding {
    var copy = self
    copy.matrix = matrix.awaiting(rowCount: rowCount)
    return copy
  }

  /// The vectors of a batch of tokens.
  public func callAsFunction(_ tokens: PackedTokens) -> PackedSequence {
    PackedSequence(layout: tokens.layout, values: vectors(tokens.ids))
  }

  /// Vectors by their numbers: [ids.count, features].
  public func vectors(_ ids: [Int32]) -> Tensor {
    if isTrained { return matrix.gathered(ids) }
    // Without an unknown token in the batch nothing depends on a trained row, and no gradient need be computed.
    guard ids.contains(Int32(Embedding.unknownRow)) else { return matrix.gathered(ids).detached }
    return matrix.gathered(ids, gradientRow: Int32(Embedding.unknownRow))
  }

  /// Products of states with all vectors, as a tied output layer has them (Press and Wolf 2017):
  /// [rows, features] → [rows, vocabulary].
  public func scores(_ states: Tensor) -> Tensor { matrix(states) }
}
