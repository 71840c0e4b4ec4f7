// The unit one ships: codec, architecture and weights of a language model in a folder.
//
//   configuration.json   level and vocabulary, architecture
//   tokenizer.json       of subwords
//   model.safetensors    the weights, or
//   model.ngram          the counts of an n-gram model

import EnsueModels
import EnsueText

/// A language model with all it needs to read and write text.
public struct LanguageModelBundle: Sendable {
  public let codec: TokenCodec
  public let architecture: LanguageModelArchitecture
  public let model: AnyLanguageModel

  /// - Precondition: codec and architecture have the same size, and the model is of this kind.
  public init(codec: TokenCodec, architecture: LanguageModelArchitecture, model: AnyLanguageModel) {
    precondition(
      codec.vocabularySize == architecture.vocabularySize && architecture.kind == model.kind,
      "an architecture of \(architecture.vocabularySize) symbols for a vocabulary of \(codec.vocabularySize)")
    (self.codec, self.architecture, self.model) = (codec, architecture, model)
  }
}
