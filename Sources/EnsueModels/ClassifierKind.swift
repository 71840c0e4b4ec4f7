// The sentence classifiers by name.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// A sentence classifier of Ensue.
public enum ClassifierKind: String, Codable, CaseIterable, Sendable {
  case bagOfWords = "bag-of-words"
  case positionOneHot = "position-one-hot"
  case nGram = "n-gram"
  case mean
  case meanMax = "mean-max"
  case rnn
  case lstm
  case gru
  case birnn
  case bilstm
  case bigru
  case selfAttention = "self-attention"
  case multiHeadAttention = "multi-head-attention"
  case transformer
  case hierarchical
  case coAttention = "co-attention"

  /// As it stands in tables.
  public var title: String {
    switch self {
    case .bagOfWords: "bag of words"
    case .positionOneHot: "position one-hot"
    case .nGram: "n-gram"
    case .mean: "mean"
    case .meanMax: "mean ‖ max"
    case .rnn: "RNN"
    case .lstm: "LSTM"
    case .gru: "GRU"
    case .birnn: "BiRNN"
    case .bilstm: "BiLSTM"
    case .bigru: "BiGRU"
    case .selfAttention: "self-attention"
    case .multiHeadAttention: "multi-head attention"
    case .transformer: "Transformer"
    case .hierarchical: "hierarchical"
    case .coAttention: "co-attention"
    }
  }

  /// The same, with a cell other than the kind's own: `BiMUT1`.
  public func title(cell: RecurrentCellKind?) -> String {
    guard let cell else { return title }
    switch self {
    case .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .selfAttention, .multiHeadAttention, .transformer:
      return title
    case .rnn, .lstm, .gru: return cell.title
    case .birnn, .bilstm, .bigru: return "Bi\(cell.title)"
    case .hierarchical, .coAttention: return "\(title) Bi\(cell.title)"
    }
  }

  /// The same, with a cell of the user's own.
  var titleOfOwnCell: String {
    switch self {
    case .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .selfAttention, .multiHeadAttention, .transformer: title
    case .rnn, .lstm, .gru: "own cell"
    case .birnn, .bilstm, .bigru: "own cell, both directions"
    case .hierarchical, .coAttention: "\(title), own cell"
    }
  }

  public var summary: String {
    switch self {
    case .bagOfWords: "a weight per word and class; order is lost"
    case .positionOneHot: "a weight per word, position and class"
    case .nGram: "a weight per run of words and class: a discriminative Markov classifier"
    case .mean: "the mean of the word vectors, a ReLU layer, a linear layer"
    case .meanMax: "mean and maximum of the word vectors, a ReLU layer, a linear layer"
    case .rnn: "Elman network, first to last word"
    case .lstm: "LSTM, first to last word"
    case .gru: "GRU, first to last word"
    case .birnn: "Elman network in both directions"
    case .bilstm: "LSTM in both directions"
    case .bigru: "GRU in both directions"
    case .selfAttention: "one head of self-attention and a feed-forward layer, the mean over the words"
    case .multiHeadAttention: "several heads with an output projection, else the same"
    case .transformer: "a Transformer's encoder, the mean over the words"
    case .hierarchical: "for documents: a GRU in both directions and attention over words, then over sentences"
    case .coAttention: "for pairs of texts: a GRU in both directions over each; each attends to the other"
    }
  }

  /// The cell of a recurrent classifier; nil for the others.
  public var cell: RecurrentCellKind? {
    switch self {
    case .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .selfAttention, .multiHeadAttention, .transformer: nil
    case .rnn, .birnn: .rnn
    case .lstm, .bilstm: .lstm
    case .gru, .bigru, .hierarchical, .coAttention: .gru
    }
  }

  public var isBidirectional: Bool {
    switch self {
    case .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .rnn, .lstm, .gru, .selfAttention,
      .multiHeadAttention, .transformer:
      false
    case .birnn, .bilstm, .bigru, .hierarchical, .coAttention: true
    }
  }

  /// Whether texts are read sentence by sentence (`DocumentTokens`).
  public var readsSentences: Bool {
    switch self {
    case .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .rnn, .lstm, .gru, .birnn, .bilstm, .bigru,
      .selfAttention, .multiHeadAttention, .transformer, .coAttention:
      false
    case .hierarchical: true
    }
  }

  /// Whether texts come in pairs (`PairTokens`).
  public var readsPairs: Bool {
    switch self {
    case .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .rnn, .lstm, .gru, .birnn, .bilstm, .bigru,
      .selfAttention, .multiHeadAttention, .transformer, .hierarchical:
      false
    case .coAttention: true
    }
  }

  /// Whether the states of one recurrent encoder become a vector (`ClassifierConfiguration.pooling`).
  public var poolsStates: Bool { cell != nil && !readsSentences && !readsPairs }

  /// Whether layers stand one above another (`ClassifierConfiguration.layerCount`).
  public var hasLayers: Bool {
    switch self {
    case .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax: false
    case .rnn, .lstm, .gru, .birnn, .bilstm, .bigru, .selfAttention, .multiHeadAttention, .transformer, .hierarchical,
      .coAttention:
      true
    }
  }

  /// Whether the classifier is made of blocks of attention (`ClassifierConfiguration.transformer`).
  public var hasAttentiveBlocks: Bool {
    switch self {
    case .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .rnn, .lstm, .gru, .birnn, .bilstm, .bigru,
      .hierarchical, .coAttention:
      false
    case .selfAttention, .multiHeadAttention, .transformer: true
    }
  }

  /// Whether words have vectors, which may come from a file.
  public var hasEmbedding: Bool {
    switch self {
    case .bagOfWords, .positionOneHot, .nGram: false
    case .mean, .meanMax, .rnn, .lstm, .gru, .birnn, .bilstm, .bigru, .selfAttention, .multiHeadAttention,
      .transformer, .hierarchical, .coAttention:
      true
    }
  }

  /// A new classifier.
  /// - Parameter embeddings: word vectors to begin with, as `ClassifierConfiguration.embeddingTables` has them; none
  ///   for new ones.
  /// - Throws: `Failure` where the user's equations of a cell are in error, or heads do not divide the width.
  public func makeClassifier(
    _ configuration: ClassifierConfiguration, embeddings: [Tensor] = [], key: RandomKey
  ) throws(Failure) -> any TextClassifier {
    try configuration.checkAlpha()
    try configuration.checkReading()
    try configuration.checkReach()
    try configuration.checkRegularizers()
    return switch self {
    case .bagOfWords: FeatureClassifier(.words, configuration)
    case .positionOneHot: FeatureClassifier(.positions(configuration.positionLimit), configuration)
    case .nGram:
      FeatureClassifier(.nGrams(order: configuration.nGramOrder, buckets: configuration.nGramBuckets), configuration)
    case .mean: PoolingClassifier(configuration, usesMaximum: false, embeddings: embeddings, key: key)
    case .meanMax: PoolingClassifier(configuration, usesMaximum: true, embeddings: embeddings, key: key)
    case .rnn, .lstm, .gru, .birnn, .bilstm, .bigru:
      try RecurrentClassifier(
        configuration, formula: configuration.formula(), isBidirectional: isBidirectional,
        embeddings: embeddings, key: key)
    case .selfAttention, .multiHeadAttention, .transformer:
      try configuration.attentionKernel.makeClassifier(configuration, embeddings: embeddings, key: key)
    case .hierarchical:
      try HierarchicalClassifier(configuration, formula: configuration.formula(), embeddings: embeddings, key: key)
    case .coAttention:
      try CoAttentionClassifier(configuration, formula: configuration.formula(), embeddings: embeddings, key: key)
    }
  }
}
