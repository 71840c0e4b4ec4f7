// What a sentence classifier needs to be told, besides its weights.

import EnsueLayers

/// The architecture of a sentence classifier. A bundle stores it beside the weights.
public struct ClassifierConfiguration: Sendable, Codable, Equatable {
  public var kind: ClassifierKind = .bilstm
  /// The cell of a recurrent classifier; nil for the one its kind names.
  public var cell: RecurrentCellKind?
  public var classCount = 2
  /// Rows of the embedding table, padding and unknown among them.
  public var vocabularySize = 2
  /// Features of a word vector.
  public var embeddingSize = 50
  /// Whether word vectors are trained; the unknown word's always is.
  public var trainsEmbedding = true
  /// Units of each recurrent layer and direction, or of the pooling classifiers' hidden layer.
  public var hiddenSize = 100
  public var layerCount = 1
  public var pooling = PoolingKind.max
  /// Share of values set to zero after the embedding, between layers and before the output.
  public var dropout = 0.0
  public var inputInitializer = InitializerKind.glorot
  public var recurrentInitializer = InitializerKind.orthogonal
  /// First value of the LSTM's forget-gate bias.
  public var forgetBias = 1.0
  /// Positions that the position one-hot classifier tells apart; later words share the last.
  public var positionLimit = 60
  /// The longest n-gram of the n-gram classifier.
  public var nGramOrder = 3
  /// Weights per class of the n-gram classifier: n-grams that meet in one share it.
  public var nGramBuckets = 1 << 19

  public init() {}

  /// The number of weights, but for small vectors: never more than there are. In floating point, which does not
  /// overflow, so that sizes from a file can be judged before memory is taken.
  public var leastWeightCount: Double {
    let (words, classes, hidden) = (Double(vocabularySize), Double(classCount), Double(hiddenSize))
    let embedding = words * Double(embeddingSize)
    switch kind {
    case .bagOfWords: return words * classes
    case .positionOneHot: return words * Double(positionLimit) * classes
    case .nGram: return Double(nGramBuckets) * classes
    case .mean, .meanMax: return embedding + hidden * (Double(embeddingSize) + classes)
    case .rnn, .lstm, .gru, .birnn, .bilstm, .bigru:
      let directions: Double = kind.isBidirectional ? 2 : 1
      let gates = Double((cell ?? kind.cell)?.gateCount ?? 1)
      let first = directions * gates * hidden * (Double(embeddingSize) + hidden)
      let further = directions * gates * hidden * (directions * hidden + hidden)
      return embedding + first + Double(layerCount - 1) * further
    }
  }
}
