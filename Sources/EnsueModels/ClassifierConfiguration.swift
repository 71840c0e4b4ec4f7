// What a sentence classifier needs to be told, besides its weights.

import EnsueFiles
import EnsueLayers

/// The architecture of a sentence classifier. A bundle stores it beside the weights.
public struct ClassifierConfiguration: Sendable, Codable, Equatable {
  public var kind: ClassifierKind = .bilstm
  /// The cell of a recurrent classifier; nil for the one its kind names.
  public var cell: RecurrentCellKind?
  /// The equations of a cell of the user's own, in place of a cell by name; empty for none.
  public var cellFormula = ""
  /// What else is chosen of the cell; nil for the cell as it is.
  public var cellOptions: RecurrentCellOptions?
  /// In a bundle the equations in full, whichever way they were chosen, where they are not what the other settings give;
  /// nil elsewhere.
  public var equations: String?
  public var classCount = 2
  /// Rows of the embedding table, padding and unknown among them.
  public var vocabularySize = 2
  /// Features of a word vector.
  public var embeddingSize = 50
  /// Features of each of several tables of word vectors, which are weighed token by token (`WordEmbedding`); nil for one
  /// table.
  public var embeddingSizes: [Int]?
  /// Whether word vectors are trained; the unknown word's always is.
  public var trainsEmbedding = true
  /// Units of each recurrent layer and direction, or of the pooling classifiers' hidden layer.
  public var hiddenSize = 100
  /// Recurrent layers, or blocks of an attentive classifier.
  public var layerCount = 1
  public var pooling = PoolingKind.max
  /// How well a state fits the query of attention over states; nil for v · tanh(W h + b).
  public var attentionScore: AttentionScoreKind?
  /// From scores to weights in attention over states.
  public var attentionDistribution = AttentionDistributionKind.softmax
  /// α of the distribution entmax.
  public var attentionAlpha = 1.5
  /// From the weights of attention over the states of a sentence to one vector.
  public var attentionReading = StateReadingKind.soft
  /// Share of values set to zero after the embedding, between layers and before the output.
  public var dropout = 0.0
  public var inputInitializer = InitializerKind.glorot
  public var recurrentInitializer = InitializerKind.orthogonal
  /// First value of the LSTM's forget-gate bias.
  public var forgetBias = 1.0
  /// Whether the sums before activation are normalised (`CellFormula.layerNormalised`).
  public var normalizesLayers = false
  /// The share of its update that the output's state takes over at a step; 1 for all of it.
  public var leak = 1.0
  /// Variational dropout of the recurrence.
  public var recurrentDropout = 0.0
  public var zoneout = 0.0
  /// The weight of the norm-stabilizer of the output's state; 0 for none (Krueger and Memisevic 2016).
  public var normStabilizer = 0.0
  /// The weight of what keeps the norm of gradients from step to step; 0 for none (Pascanu et al. 2013).
  public var gradientPropagation = 0.0
  /// The share of the vocabulary that is left out of a batch (Gal and Ghahramani 2016).
  public var wordDropout = 0.0
  /// Whether dropout between layers draws one mask a sentence.
  public var dropsWholeSequences = false
  public var connection = ConnectionKind.plain
  public var learnsInitialState = false
  /// Features of each row of an attentive classifier; nil for those of a word vector.
  public var width: Int?
  /// Heads of multi-head attention; divide the width.
  public var headCount = 5
  /// Features inside a feed-forward sub-layer; nil for 4 times the width.
  public var feedForwardSize: Int?
  public var activation = FeedForwardActivationKind.relu
  /// How `transformer` is told the order of words.
  public var positions = PositionKind.learned
  /// Of learned positions and of the score `location`: the tokens of the longest sentence.
  public var maximumPositions = 512
  /// Where `transformer` has its layer norms; without any it begins with T-Fixup's weights.
  public var norm = NormPlacementKind.pre
  /// What attentive blocks weigh words by.
  public var attentionKernel = AttentionKernelKind.softmax
  /// Random features of the kernel `performer`.
  public var randomFeatureCount = 256
  /// Tokens on each side that a token of attentive blocks attends to; nil for all.
  public var attentionWindow: Int?
  /// Tokens of a block, within which alone tokens attend to each other; nil for all.
  public var attentionBlock: Int?
  /// Share of attention weights set to zero in training.
  public var attentionDropout = 0.0
  /// Share of values inside a feed-forward sub-layer set to zero in training.
  public var feedForwardDropout = 0.0
  /// Positions that the position one-hot classifier tells apart; later words share the last.
  public var positionLimit = 60
  /// The longest n-gram of the n-gram classifier.
  public var nGramOrder = 3
  /// Weights per class of the n-gram classifier: n-grams that meet in one share it.
  public var nGramBuckets = 1 << 19

  public init() {}

  /// As it stands in tables: `BiLSTM × 2, hard attention`.
  public var title: String {
    let ofKind = lacksWeightsOfBlocks && kind == .transformer ? "Performer" : kind.title(cell: cell)
    let name = cellFormula.utf8.isEmpty ? ofKind : kind.titleOfOwnCell
    let layered = layerCount > 1 && kind.hasLayers ? "\(name) × \(layerCount)" : name
    return ([layered] + (detail.map { [$0] } ?? [])).joined(separator: ", ")
  }

  /// What the name of the kind does not say and few models have.
  private var detail: String? {
    if lacksWeightsOfBlocks && kind != .transformer { return attentionKernel.rawValue }
    return kind.poolsStates ? pooling.title(attentionReading) : nil
  }

  /// The number of weights, but for small vectors: never more than there are. In floating point, which does not
  /// overflow, so that sizes from a file can be judged before memory is taken.
  public var leastWeightCount: Double {
    let (words, classes, hidden) = (Double(vocabularySize), Double(classCount), Double(hiddenSize))
    let embedding = embeddingWeightCount
    switch kind {
    case .bagOfWords: return words * classes
    case .positionOneHot: return words * Double(positionLimit) * classes
    case .nGram: return Double(nGramBuckets) * classes
    case .mean, .meanMax: return embedding + hidden * (Double(embeddingSize) + classes)
    case .rnn, .lstm, .gru, .birnn, .bilstm, .bigru, .coAttention:
      let directions: Double = kind.isBidirectional ? 2 : 1
      guard let parameters = try? formula().parameters else { return embedding }
      let inputMaps = Double(parameters.count { $0.kind == .inputMap })
      let stateMaps = Double(parameters.count { $0.kind == .stateMap })
      let states = directions * Double(layerCount) * stateMaps * hidden * hidden
      let further = Double(layerCount - 1) * directions * inputMaps * hidden * (directions * hidden)
      return embedding + states + directions * inputMaps * hidden * Double(embeddingSize) + further
    case .hierarchical:
      guard let parameters = try? formula().parameters else { return embedding }
      let inputMaps = Double(parameters.count { $0.kind == .inputMap })
      let stateMaps = Double(parameters.count { $0.kind == .stateMap })
      // Words and sentences have an encoder each; all but the first layer of the words' read both directions.
      let states = 4 * Double(layerCount) * stateMaps * hidden * hidden
      let further = Double(2 * layerCount - 1) * 2 * inputMaps * hidden * (2 * hidden)
      return embedding + states + 2 * inputMaps * hidden * Double(embeddingSize) + further
    case .selfAttention, .multiHeadAttention, .transformer:
      let width = Double(self.width ?? embeddingSize)
      let maps = kind == .selfAttention ? 3.0 : 4.0
      let heads = kind == .selfAttention ? 1.0 : Double(headCount)
      let features = lacksWeightsOfBlocks ? Double(randomFeatureCount) / heads : 0
      let inner = feedForwardSize.map { Double($0) } ?? 4 * width
      let block = width * (maps * width + 2 * inner + features)
      return embedding + Double(layerCount) * block + width * (Double(longestSentence ?? 0) + classes)
    }
  }

  /// The cell's equations with the rewrites asked for.
  /// - Throws: `Failure` where the user's equations are in error, or cannot be rewritten so.
  public func formula() throws(Failure) -> CellFormula {
    try CellFormula(
      text: cellFormula, or: cell ?? kind.cell ?? .lstm, stored: equations, cellOptions, forgetBias: forgetBias,
      normalizesLayers: normalizesLayers, leak: leak, recurrentDropout: recurrentDropout)
  }

  /// Refuses regularisers that do not go together, where the kind has them.
  func checkRegularizers() throws(Failure) {
    guard kind.poolsStates else { return }
    try regularization.check(gradientPropagation: gradientPropagation)
  }

  private var regularization: RecurrentRegularization {
    RecurrentRegularization(
      dropout: recurrentDropout, zoneout: zoneout, memoryZoneout: cellOptions.chosen.memoryZoneout)
  }

  func cellConfiguration(inputSize: Int) -> RecurrentCellConfiguration {
    RecurrentCellConfiguration(
      inputSize: inputSize, hiddenSize: hiddenSize, inputInitializer: inputInitializer,
      recurrentInitializer: recurrentInitializer, regularization: regularization,
      learnsInitialState: learnsInitialState)
  }

  func stackConfiguration(isBidirectional: Bool) -> RecurrentStackConfiguration {
    RecurrentStackConfiguration(
      layerCount: layerCount, isBidirectional: isBidirectional, connection: connection, dropout: dropout,
      dropsWholeSequences: dropsWholeSequences)
  }
}
