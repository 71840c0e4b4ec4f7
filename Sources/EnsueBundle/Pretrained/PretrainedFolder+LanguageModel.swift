// GPT-2 and the Llamas of a folder as a bundle, so that every command that takes a language model takes them.

import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueText

extension PretrainedFolder {
  /// The language model with its tokenizer.
  /// - Parameter precision: of a model that is only run; nil for one to train or to write.
  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public func languageModelBundle(_ precision: WeightPrecisionKind? = nil) throws -> LanguageModelBundle {
    guard let family = DecoderFamilyKind(rawValue: modelType) else { throw wrongFamily(for: .languageModel) }
    let configuration = try family.configuration(config, path: "\(path)/config.json")
    let tokenizer = try tokenizer()
    try check(tokenizer, vocabularySize: configuration.vocabularySize)
    let model = try TransformerLanguageModel(family, configuration, WeightFolder(path), precision)
    return LanguageModelBundle(
      codec: .subwords(tokenizer), architecture: .transformer(configuration), model: .transformer(model),
      beginning: tokenizer.beginning)
  }

  /// What the family's tokenizers do beyond their vocabularies.
  func tokenizerStyle() throws(Failure) -> HubTokenizerStyle {
    if let decoder = DecoderFamilyKind(rawValue: modelType) {
      switch decoder {
      case .gpt2: return .gpt2
      case .llama, .mistral: return .llama
      }
    }
    guard let encoder = EncoderFamilyKind(rawValue: modelType) else { throw wrongFamily(for: .encoder) }
    return encoder.tokenizerStyle
  }
}
