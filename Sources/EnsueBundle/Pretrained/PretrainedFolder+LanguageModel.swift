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
    let endIDs = try endIDs(of: tokenizer)
    return LanguageModelBundle(
      codec: .subwords(tokenizer), architecture: .transformer(configuration), model: .transformer(model),
      beginning: tokenizer.beginning, endIDs: endIDs)
  }

  /// The tokens that end a text: those of generation_config.json, else of config.json; nil where neither names one that
  /// the tokenizer has. Of another no model writes a text.
  private func endIDs(of tokenizer: SubwordTokenizer) throws -> [Int32]? {
    let file = "\(path)/generation_config.json"
    var sources = [(path: "\(path)/config.json", object: config)]
    if InputFile.exists(file) {
      let json = try JSONValue.contents(of: file)
      guard let object = json.objectValue else {
        throw Failure(.data, at: file, "an object expected, found \(json.kindName)")
      }
      sources.insert((file, object), at: 0)
    }
    for (path, object) in sources {
      guard let value = object["eos_token_id"], value != .null else { continue }
      let values = value.arrayValue ?? [value]
      let ids = values.compactMap(\.integerValue).filter { $0 >= 0 }
      guard ids.count == values.count, (1...16).contains(ids.count) else {
        throw Failure(
          .data, at: path, "eos_token_id: an id or up to 16 expected, found \(PretrainedFolder.shown(value))")
      }
      let known = ids.filter { $0 < tokenizer.vocabularySize }.map(Int32.init)
      if !known.isEmpty { return known }
    }
    return nil
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
