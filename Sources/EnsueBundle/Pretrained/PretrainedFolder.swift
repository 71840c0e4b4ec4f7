// A model's folder as the Hub has it: config.json, the weights as safetensors, the files of a tokenizer. Nothing in it is
// believed before it is checked.
//
// | file | says |
// |---|---|
// | config.json | family, sizes, labels |
// | model.safetensors, or shards with model.safetensors.index.json | weights |
// | tokenizer.json, or vocab.txt, vocab.json with merges.txt, a SentencePiece model | tokens |
// | source.spm, target.spm, vocab.json | tokens of a translation model |
// | tokenizer_config.json, special_tokens_map.json, added_tokens.json | the longest input, added tokens; of older ones more |
// | modules.json, 1_Pooling/config.json, sentence_bert_config.json | how states become a vector of a sentence |

import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueText

/// What a head was trained for: `problem_type` of config.json.
public enum PretrainedProblemKind: String, Codable, CaseIterable, Sendable {
  /// One class of several.
  case singleLabel = "single_label_classification"
  /// Any number of classes.
  case multiLabel = "multi_label_classification"
  case regression
}

/// What the families of pre-trained models are.
enum PretrainedModelKind: CaseIterable {
  case encoder
  case languageModel
  case translator

  /// With its article.
  var title: String {
    switch self {
    case .encoder: "an encoder"
    case .languageModel: "a language model"
    case .translator: "a translation model"
    }
  }

  /// By their `model_type`.
  var families: [String] {
    switch self {
    case .encoder: EncoderFamilyKind.allCases.map(\.rawValue)
    case .languageModel: DecoderFamilyKind.allCases.map(\.rawValue)
    case .translator: TranslatorFamilyKind.allCases.map(\.rawValue)
    }
  }
}

/// The checked content of config.json, and where the rest is.
public struct PretrainedFolder: Sendable {
  private static let configLimit = 16 << 20

  /// The folder of config.json and the weights: of a sentence encoder the one that modules.json names.
  public let path: String
  public let config: JSONObject
  /// `model_type`.
  public let modelType: String
  /// The names of the classes in their order; nil where config.json names none.
  public let labels: [String]?
  /// As config.json says, else by the number of labels, as transformers decides: one is a number, several are classes.
  public let problem: PretrainedProblemKind
  /// How a sentence encoder makes one vector of its states; nil for a model that is none.
  public let sentence: SentenceModules?

  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public init(_ folder: String) throws {
    guard InputFile.isDirectory(folder) else {
      throw Failure(
        .missing, at: folder,
        "a folder with config.json expected, found \(InputFile.exists(folder) ? "a file" : "nothing")"
      )
    }
    sentence = try SentenceModules(folder: folder)
    path = sentence?.encoderFolder ?? folder
    let file = "\(path)/config.json"
    guard InputFile.exists(file) else { throw PretrainedFolder.noConfiguration(in: path) }
    let json = try JSONValue.contents(of: file, limit: PretrainedFolder.configLimit)
    guard let config = json.objectValue else {
      throw Failure(.data, at: file, "an object expected, found \(json.kindName)")
    }
    guard let modelType = config["model_type"]?.stringValue else {
      throw Failure(
        .data, at: file,
        "model_type: the name of a family expected, found \(PretrainedFolder.shown(config["model_type"]))",
        advice: PretrainedFolder.families)
    }
    (self.config, self.modelType) = (config, modelType)
    labels = try PretrainedLabels.read(config, path: file)
    problem = try PretrainedFolder.problem(config, labels, path: file)
  }

  /// Whether a folder looks like one of the Hub's and not like one of Ensue's.
  public static func isOne(_ folder: String) -> Bool {
    let own = ["\(folder)/bundle", "\(folder)/configuration.json"]
    return ["config.json", "modules.json", "adapter_config.json"].contains { InputFile.exists("\(folder)/\($0)") }
      && !own.contains { InputFile.exists($0) }
  }

  /// The longest input in tokens, special ones among them: what the positions allow, and what the tokenizer's and the
  /// sentence encoder's files say.
  /// - Throws: `Failure` of kind `data`.
  public var maximumLength: Int {
    get throws {
      let positions =
        if let decoder = DecoderFamilyKind(rawValue: modelType) {
          try decoder.configuration(config, path: "\(path)/config.json").contextLength
        } else {
          try encoderConfiguration().maximumLength
        }
      let limits = [try HubTokenizerSettings(folder: path).maximumLength(), sentence?.maximumLength]
      return limits.compactMap(\.self).reduce(positions, min)
    }
  }

  /// Of a translation model the source's.
  /// - Throws: `Failure` of kind `missing` or `data` that names the file.
  public func tokenizer() throws -> SubwordTokenizer {
    if TranslatorFamilyKind(rawValue: modelType) != nil { return try MarianTokenizers(folder: path).source }
    return try SubwordTokenizer(
      hubFolder: path, style: tokenizerStyle(), limit: config["vocab_size"]?.integerValue ?? .max)
  }

  /// Whether its family is built.
  package var isOfKnownFamily: Bool { PretrainedModelKind.allCases.contains { $0.families.contains(modelType) } }

  /// Refuses a family that is not built, or is of another kind.
  func wrongFamily(for wanted: PretrainedModelKind) -> Failure {
    let found = PretrainedModelKind.allCases.first { $0.families.contains(modelType) }
    let expected =
      found == nil
      ? "one of \(PretrainedFolder.familyNames)" : "\(wanted.title) (\(wanted.families.joined(separator: ", ")))"
    return Failure(
      .data, at: "\(path)/config.json",
      "model_type: \(expected) expected, found \(Failure.shown(modelType))\(found.map { ", \($0.title)" } ?? "")")
  }

  /// Refuses a tokenizer with ids that the model has no vectors for.
  func check(_ tokenizer: SubwordTokenizer, vocabularySize: Int) throws(Failure) {
    guard tokenizer.vocabularySize > vocabularySize else { return }
    throw Failure(
      .data, at: path,
      "a tokenizer of at most the \(vocabularySize) tokens of config.json's vocabulary expected, found"
        + " \(tokenizer.vocabularySize)", advice: "The tokenizer belongs to another model.")
  }

  /// Refuses a tokenizer with ids, or with types of tokens, that the encoder has no vectors for.
  func check(_ tokenizer: SubwordTokenizer, for encoder: EncoderConfiguration) throws(Failure) {
    try check(tokenizer, vocabularySize: encoder.vocabularySize)
    // An encoder of one type, or of none, does not read them.
    guard encoder.typeCount > 1, let type = tokenizer.postProcessor?.typeIDs.max(), type >= encoder.typeCount else {
      return
    }
    throw Failure(
      .data, at: "\(path)/tokenizer.json",
      "post_processor: type_id from 0 to \(encoder.typeCount - 1), as config.json has types, expected, found \(type)",
      advice: "The tokenizer belongs to another model.")
  }

  private static var familyNames: String {
    PretrainedModelKind.allCases.flatMap(\.families).joined(separator: ", ")
  }
  private static var families: String { "It is one of \(familyNames)." }

  static func shown(_ value: JSONValue?) -> String {
    switch value {
    case nil: "nothing"
    case .string(let text)?: Failure.shown(text)
    case .number(let text)?: String(text.prefix(40))
    case .boolean(let flag)?: "\(flag)"
    case .null?, .array?, .object?: value?.kindName ?? ""
    }
  }

  private static func noConfiguration(in folder: String) -> Failure {
    let isAdapter = InputFile.exists("\(folder)/adapter_config.json")
    return Failure(
      .missing, at: folder, "config.json expected, found \(isAdapter ? "an adapter" : "none")",
      advice: isAdapter ? "An adapter alone is no model: merge it into its base." : "")
  }

  private static func problem(
    _ config: JSONObject, _ labels: [String]?, path: String
  ) throws(Failure) -> PretrainedProblemKind {
    guard let value = config["problem_type"], value != .null else {
      return labels?.count == 1 ? .regression : .singleLabel
    }
    guard let kind = value.stringValue.flatMap(PretrainedProblemKind.init) else {
      let names = PretrainedProblemKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(.data, at: path, "problem_type: one of \(names) expected, found \(shown(value))")
    }
    return kind
  }
}
