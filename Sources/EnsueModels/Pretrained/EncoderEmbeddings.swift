// From token ids to what the first block reads.

import EnsueLayers
import EnsueTensor

/// drop(norm(word + type + position)), mapped to the blocks' width where a family does so.
public struct EncoderEmbeddings: Module {
  /// [vocabulary, embedding size]
  public var words: Embedding
  /// [positions, embedding size]
  public var positions: Positions
  /// [types, embedding size]; nil where a family has none.
  public var types: Embedding?
  public var norm: LayerNorm
  /// [width, embedding size]; nil where vectors have the blocks' width.
  public var projection: Projection?
  private let dropout: Dropout
  /// The place of a sequence's first token in the table of positions.
  private let firstPosition: Int

  init(_ configuration: EncoderConfiguration, key: RandomKey) {
    let (family, size) = (configuration.family.family, configuration.embeddingSize)
    func table(_ rows: Int, _ name: String) -> Embedding {
      Embedding(weight: .encoderWeights([rows, size], key: key.derived(name)), isTrained: true)
    }
    words = table(configuration.vocabularySize, "words")
    positions = Positions(
      .learned, featureCount: size, maximumLength: configuration.maximumPositions, key: key.derived("positions"))
    types = configuration.typeCount > 0 ? table(configuration.typeCount, "types") : nil
    norm = LayerNorm(featureCount: size, epsilon: configuration.epsilon)
    projection =
      family.mapsEmbedding(configuration)
      ? Projection(
        weight: .encoderWeights([configuration.width, size], key: key.derived("projection")), hasBias: true) : nil
    dropout = Dropout(rate: configuration.dropout)
    firstPosition = family.firstPosition(configuration)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("words", &words)
    visitor.module("positions", &positions)
    if var part = types {
      visitor.module("types", &part)
      types = part
    }
    visitor.module("norm", &norm)
    if var part = projection {
      visitor.module("projection", &part)
      projection = part
    }
  }

  /// The same embeddings for inference. Rows of a table are read as they are, so that it is laid out anew only for fewer
  /// bits.
  func prepared(_ precision: WeightPrecisionKind) -> EncoderEmbeddings {
    var copy = self
    copy.projection = projection?.prepared(precision)
    switch precision {
    case .full: break
    case .bf16: copy.words = words.prepared(precision)
    }
    return copy
  }

  /// [rows, width]
  /// - Parameter input: checked (`EncoderInput.check`).
  func callAsFunction(_ input: EncoderInput, _ phase: Phase) -> PackedSequence {
    let layout = input.tokens.layout
    var vectors = words(input.tokens)
    if let types {
      let numbers = input.types ?? [Int32](repeating: 0, count: layout.rowCount)
      vectors = vectors.replacingValues(vectors.values + types.vectors(numbers))
    }
    let starts = [Int](repeating: firstPosition, count: layout.batchSize)
    let sums = dropout(norm(positions(vectors, from: starts).values), phase)
    return PackedSequence(layout: layout, values: projection.map { $0(sums) } ?? sums)
  }
}

extension Tensor {
  /// First values of a table, a map or a head: uniform, with BERT's deviation of 0.02.
  static func encoderWeights(_ shape: Shape, key: RandomKey) -> Tensor {
    let bound = 0.02 * 3.0.squareRoot()
    return .uniform(shape, in: -bound...bound, key: key)
  }
}
