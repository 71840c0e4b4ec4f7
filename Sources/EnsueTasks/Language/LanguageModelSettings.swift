// The sizes of a language model as a user sets them; each kind reads those it has.

import EnsueFiles
import EnsueLayers
import EnsueModels

/// The model of a language run, without the size that the data decides.
public struct LanguageModelSettings: Sendable, Equatable {
  public var kind = LanguageModelKind.recurrent
  /// Of both networks.
  public var layerCount = 2
  public var dropout = 0.0
  /// The share set to zero after the embedding; nil for `dropout`.
  public var embeddingDropout: Double?
  /// The share of the vocabulary that a batch does without; nil for none.
  public var wordDropout: Double?
  /// Whether the scores are products with the embedding; nil for what is usual for the kind.
  public var isTied: Bool?
  /// Cell, sizes and rates that a recurrent model has alone.
  public var recurrent = RecurrentLanguageModelConfiguration()
  /// Blocks and positions that a Transformer has alone.
  public var transformer = LanguageModelSettings.defaultTransformer
  /// Features inside a feed-forward layer; nil for 4 times the width.
  public var feedForwardSize: Int?
  /// First values of a Transformer's weights; nil for T-Fixup's without norms, for those of `transformer` with them.
  public var initializer: TransformerInitializerKind?
  public var ngram = NGramModelConfiguration()

  public init() {}

  /// GPT-2's layout in the size of nanoGPT's smallest setting.
  private static var defaultTransformer: TransformerLanguageModelConfiguration {
    var configuration = TransformerLanguageModelConfiguration()
    (configuration.transformer.width, configuration.transformer.headCount) = (128, 4)
    configuration.contextLength = 64
    (configuration.transformer.attentionDropout, configuration.transformer.feedForwardDropout) = (0, 0)
    return configuration
  }

  /// The architecture of this kind.
  /// - Throws: `Failure` of kind `configuration` where sizes make no model.
  public func architecture(vocabularySize: Int) throws(Failure) -> LanguageModelArchitecture {
    switch kind {
    case .recurrent:
      var configuration = recurrent
      (configuration.vocabularySize, configuration.layerCount) = (vocabularySize, layerCount)
      (configuration.dropout, configuration.embeddingDropout) = (dropout, embeddingDropout)
      (configuration.wordDropout, configuration.isTied) = (wordDropout, isTied ?? false)
      try configuration.check()
      return .recurrent(configuration)
    case .transformer:
      var configuration = transformer
      (configuration.vocabularySize, configuration.isTied) = (vocabularySize, isTied ?? true)
      (configuration.embeddingDropout, configuration.wordDropout) = (embeddingDropout ?? dropout, wordDropout)
      (configuration.transformer.layerCount, configuration.transformer.dropout) = (layerCount, dropout)
      configuration.transformer.feedForwardSize = feedForwardSize ?? 4 * configuration.transformer.width
      configuration.transformer.hasFinalNorm = configuration.transformer.norm == .pre
      configuration.transformer.initializer =
        initializer ?? configuration.transformer.norm.initializer(usual: configuration.transformer.initializer)
      try configuration.check()
      return .transformer(configuration)
    case .bigram:
      var configuration = BigramModelConfiguration()
      configuration.vocabularySize = vocabularySize
      try configuration.check()
      return .bigram(configuration)
    case .ngram:
      var configuration = ngram
      configuration.vocabularySize = vocabularySize
      return .ngram(configuration)
    }
  }
}
