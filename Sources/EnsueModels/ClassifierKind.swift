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
    }
  }

  /// The cell of a recurrent classifier; nil for the others.
  public var cell: RecurrentCellKind? {
    switch self {
    case .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax: nil
    case .rnn, .birnn: .rnn
    case .lstm, .bilstm: .lstm
    case .gru, .bigru: .gru
    }
  }

  public var isBidirectional: Bool {
    switch self {
    case .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .rnn, .lstm, .gru: false
    case .birnn, .bilstm, .bigru: true
    }
  }

  /// Whether words have vectors, which may come from a file.
  public var hasEmbedding: Bool {
    switch self {
    case .bagOfWords, .positionOneHot, .nGram: false
    case .mean, .meanMax, .rnn, .lstm, .gru, .birnn, .bilstm, .bigru: true
    }
  }

  /// A new classifier.
  /// - Parameter embedding: word vectors to begin with, [vocabularySize, embeddingSize].
  /// - Throws: `Failure` where the user's equations of a cell are in error.
  public func makeClassifier(
    _ configuration: ClassifierConfiguration, embedding: Tensor? = nil, key: RandomKey
  ) throws(Failure) -> any TextClassifier {
    switch self {
    case .bagOfWords: FeatureClassifier(.words, configuration)
    case .positionOneHot: FeatureClassifier(.positions(configuration.positionLimit), configuration)
    case .nGram:
      FeatureClassifier(.nGrams(order: configuration.nGramOrder, buckets: configuration.nGramBuckets), configuration)
    case .mean: PoolingClassifier(configuration, usesMaximum: false, embedding: embedding, key: key)
    case .meanMax: PoolingClassifier(configuration, usesMaximum: true, embedding: embedding, key: key)
    case .rnn, .lstm, .gru, .birnn, .bilstm, .bigru:
      try RecurrentClassifier(
        configuration, formula: configuration.formula(), isBidirectional: isBidirectional,
        embedding: embedding, key: key)
    }
  }
}
