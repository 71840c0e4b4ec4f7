// The unit one ships of a translation model: codecs, architecture and weights in a folder.
//
//   configuration.json       levels and vocabularies, architecture
//   tokenizer.json           of subwords of both sides, or
//   tokenizer.source.json    of each side
//   tokenizer.target.json
//   model.safetensors        the weights

import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueText

/// A translation model with all it needs to read and write text.
public struct TranslationBundle: Sendable {
  public let codecs: TranslationCodecs
  public let architecture: TranslationArchitecture
  public let model: AnyTranslationModel

  /// - Precondition: codecs and architecture have the same sizes, and the model is of this kind.
  public init(codecs: TranslationCodecs, architecture: TranslationArchitecture, model: AnyTranslationModel) {
    precondition(
      codecs.source.vocabularySize == architecture.sourceVocabularySize
        && codecs.target.vocabularySize == architecture.targetVocabularySize && architecture.kind == model.kind,
      "an architecture of other sizes than the vocabularies")
    (self.codecs, self.architecture, self.model) = (codecs, architecture, model)
  }

  /// The same with its weights laid out once, for inference alone.
  /// - Parameter place: where it is from, for messages.
  /// - Throws: `Failure` of kind `configuration` for a recurrent model in fewer bits than 32.
  public func prepared(_ precision: WeightPrecisionKind, at place: String) throws(Failure) -> TranslationBundle {
    if model.kind != .transformer {
      try WeightPrecisionKind.require(full: precision, of: architecture.title, at: place)
    }
    return TranslationBundle(codecs: codecs, architecture: architecture, model: model.prepared(precision))
  }
}
