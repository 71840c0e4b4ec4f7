// The word vectors of a classifier: one table, or several of the same words (Kiela, Wang and Cho, Dynamic
// meta-embeddings for improved sentence representations, 2018).

import EnsueLayers
import EnsueTensor

/// A vector for every token: a row of one table; of several tables the rows, each brought to one width, added with
/// weights of the token's own.
public struct WordEmbedding: Module {
  public private(set) var tables: [Embedding]
  /// nil where there is one table.
  public private(set) var mixture: MultiRepresentational?
  /// Features of a vector.
  public let featureCount: Int

  init(_ table: Embedding) { (tables, featureCount) = ([table], table.featureCount) }

  /// - Precondition: more than one table.
  init(mixing tables: [Embedding], featureCount: Int, key: RandomKey) {
    (self.tables, self.featureCount) = (tables, featureCount)
    mixture = MultiRepresentational(inputSizes: tables.map(\.featureCount), outputSize: featureCount, key: key)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    guard var part = mixture else { return tables[0].visit(&visitor) }
    for index in tables.indices { visitor.module("tables.\(index)", &tables[index]) }
    visitor.module("mixture", &part)
    mixture = part
  }

  /// [rows, features]
  public func callAsFunction(_ tokens: PackedTokens) -> PackedSequence {
    guard let mixture else { return tables[0](tokens) }
    return mixture(tables.map { $0(tokens) }).values
  }
}

extension ClassifierConfiguration {
  /// The tables of word vectors by their names among a classifier's weights, with their shapes; none where it has none.
  public var embeddingTables: [(name: String, sizes: [Int])] {
    guard kind.hasEmbedding else { return [] }
    guard let widths = embeddingSizes else { return [("embedding.weight", [vocabularySize, embeddingSize])] }
    return widths.enumerated().map { ("embedding.tables.\($0).weight", [vocabularySize, $1]) }
  }

  /// The numbers of the word vectors, and of what brings several tables to one width.
  var embeddingWeightCount: Double {
    let words = Double(vocabularySize) + (embeddingSizes == nil ? 0 : Double(embeddingSize))
    return words * (embeddingSizes ?? [embeddingSize]).reduce(0.0) { $0 + Double($1) }
  }

  /// The word vectors that a classifier begins with.
  /// - Parameter weights: those of each table; none for new ones.
  func makeEmbedding(_ weights: [Tensor], key: RandomKey) -> WordEmbedding {
    let key = key.derived("embedding")
    func table(_ index: Int, width: Int, key: RandomKey) -> Embedding {
      guard weights.isEmpty else { return Embedding(weight: weights[index], isTrained: trainsEmbedding) }
      return Embedding(vocabularySize: vocabularySize, featureCount: width, isTrained: trainsEmbedding, key: key)
    }
    guard let widths = embeddingSizes else { return WordEmbedding(table(0, width: embeddingSize, key: key)) }
    return WordEmbedding(
      mixing: widths.enumerated().map { table($0, width: $1, key: key.derived($0)) }, featureCount: embeddingSize,
      key: key.derived("mixture"))
  }
}
