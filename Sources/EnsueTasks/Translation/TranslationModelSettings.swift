// The sizes of a translation model as a user sets them; each kind reads those it has.

import EnsueFiles
import EnsueLayers
import EnsueModels

/// The model of a translation run, without the sizes that the data decides.
public struct TranslationModelSettings: Sendable, Equatable {
  public var kind = TranslationModelKind.recurrent
  /// Layers or blocks of the encoder.
  public var layerCount = 1
  /// Of the decoder; nil for as many.
  public var decoderLayerCount: Int?
  public var dropout = 0.1
  /// The share set to zero after the embeddings; nil for `dropout`.
  public var embeddingDropout: Double?
  /// Whether both sides have one table of vectors; nil for whether they have one vocabulary.
  public var sharesEmbeddings: Bool?
  /// Whether the scores are products with the target's embedding; nil for what is usual for the kind.
  public var isTied: Bool?
  /// Cell, context and rates that a recurrent model has alone.
  public var recurrent = RecurrentTranslatorConfiguration()
  /// Blocks and positions that a Transformer has alone.
  public var transformer = TranslationModelSettings.defaultTransformer
  /// Features inside a feed-forward layer; nil for 4 times the width.
  public var feedForwardSize: Int?
  /// First values of a Transformer's weights; nil for T-Fixup's without norms, for those of `transformer` with them.
  public var initializer: TransformerInitializerKind?

  public init() {}

  /// Small enough for two cores.
  private static var defaultTransformer: TransformerTranslatorConfiguration {
    var configuration = TransformerTranslatorConfiguration()
    (configuration.transformer.width, configuration.transformer.headCount) = (256, 4)
    return configuration
  }

  /// The architecture of this kind.
  /// - Parameter isJoint: whether both sides have one vocabulary.
  /// - Throws: `Failure` of kind `configuration` where sizes make no model.
  public func architecture(
    sourceVocabularySize: Int, targetVocabularySize: Int, isJoint: Bool
  ) throws(Failure) -> TranslationArchitecture {
    if sharesEmbeddings == true, !isJoint {
      throw Failure(
        .configuration, at: "model.sharesEmbeddings", "one vocabulary of both sides expected, found two",
        advice: "Choose a joint vocabulary, or two tables.")
    }
    switch kind {
    case .recurrent:
      var configuration = recurrent
      (configuration.sourceVocabularySize, configuration.targetVocabularySize) =
        (sourceVocabularySize, targetVocabularySize)
      configuration.encoderLayerCount = layerCount
      configuration.decoderLayerCount = decoderLayerCount ?? layerCount
      (configuration.dropout, configuration.embeddingDropout) = (dropout, embeddingDropout)
      (configuration.sharesEmbeddings, configuration.isTied) = (sharesEmbeddings ?? isJoint, isTied ?? false)
      try configuration.check()
      return .recurrent(configuration)
    case .transformer:
      var configuration = transformer
      (configuration.sourceVocabularySize, configuration.targetVocabularySize) =
        (sourceVocabularySize, targetVocabularySize)
      configuration.embeddingDropout = embeddingDropout ?? dropout
      (configuration.sharesEmbeddings, configuration.isTied) = (sharesEmbeddings ?? isJoint, isTied ?? true)
      (configuration.transformer.layerCount, configuration.transformer.dropout) = (layerCount, dropout)
      configuration.decoderLayerCount = decoderLayerCount
      configuration.transformer.feedForwardSize = feedForwardSize ?? 4 * configuration.transformer.width
      configuration.transformer.hasFinalNorm = configuration.transformer.norm == .pre
      configuration.transformer.initializer =
        initializer ?? configuration.transformer.norm.initializer(usual: configuration.transformer.initializer)
      try configuration.check()
      return .transformer(configuration)
    }
  }
}
