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
  /// What the model was trained to see before every text: Llama's <s>. Prompts begin with it.
  public let beginning: [Int32]
  /// Any of these ends a text: what the model's files say, else what the codec has for it.
  public let endIDs: [Int32]

  /// - Parameter endIDs: nil for the codec's own.
  /// - Precondition: codec and architecture fit each other (`TokenCodec.fits`), and the model is of this kind.
  public init(
    codec: TokenCodec, architecture: LanguageModelArchitecture, model: AnyLanguageModel, beginning: [Int32] = [],
    endIDs: [Int32]? = nil
  ) {
    precondition(
      codec.fits(modelOf: architecture.vocabularySize) && architecture.kind == model.kind,
      "an architecture of \(architecture.vocabularySize) symbols for a vocabulary of \(codec.vocabularySize)")
    (self.codec, self.architecture, self.model, self.beginning) = (codec, architecture, model, beginning)
    self.endIDs = endIDs ?? codec.endIDs
  }
}
