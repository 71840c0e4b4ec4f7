// MarianMT of a folder as a bundle, so that every command that takes a translation model takes it.

import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueText

extension PretrainedFolder {
  /// The translation model with the tokenizers of both sides.
  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public func translationBundle() throws -> TranslationBundle {
    guard let family = TranslatorFamilyKind(rawValue: modelType) else { throw wrongFamily(for: .translator) }
    let configuration = try family.configuration(config, path: "\(path)/config.json")
    let tokenizers = try MarianTokenizers(folder: path)
    let vocabulary = "\(path)/vocab.json"
    let (count, size) = (tokenizers.source.vocabularySize, configuration.transformer.sourceVocabularySize)
    guard count == size else {
      throw Failure(
        .data, at: vocabulary, "the \(size) tokens of config.json's vocabulary expected, found \(count)",
        advice: "The tokenizer belongs to another model.")
    }
    for (name, own, id) in [
      ("eos_token_id", configuration.endID, tokenizers.endID),
      ("pad_token_id", configuration.beginID, tokenizers.paddingID),
    ] where own != id {
      throw Failure(
        .data, at: vocabulary, "config.json's \(name) \(own) expected, found \(id)",
        advice: "The tokenizer belongs to another model.")
    }
    func side(_ tokenizer: SubwordTokenizer) -> SequenceCodec {
      SequenceCodec(.subwords(tokenizer), beginID: configuration.beginID, endID: configuration.endID)
    }
    let model = try TransformerTranslator(family, configuration.transformer, WeightFolder(path))
    return TranslationBundle(
      codecs: TranslationCodecs(source: side(tokenizers.source), target: side(tokenizers.target), isJoint: false),
      architecture: .transformer(configuration.transformer), model: .transformer(model))
  }
}
