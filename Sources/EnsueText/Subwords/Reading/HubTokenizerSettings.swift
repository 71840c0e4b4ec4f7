// What tokenizer_config.json and special_tokens_map.json say: tokenizer.json needs neither, the files before it do.

import EnsueFiles

/// Settings of a tokenizer's folder; both files may be missing.
public struct HubTokenizerSettings: Sendable {
  /// Longer limits are none: transformers writes 10³⁰ where there is no limit.
  private static let lengthLimit = 1 << 24
  private static let fileLimit = 8 << 20

  private let path: String
  private let object: JSONObject?
  private let tokens: JSONObject
  private let tokenPath: String

  /// - Throws: `Failure` of kind `data` for what is no object.
  public init(folder: String) throws {
    path = "\(folder)/tokenizer_config.json"
    tokenPath = "\(folder)/special_tokens_map.json"
    object = try HubTokenizerSettings.object(path)
    tokens = try HubTokenizerSettings.object(tokenPath) ?? JSONObject()
  }

  private static func object(_ path: String) throws -> JSONObject? {
    guard InputFile.exists(path) else { return nil }
    let json = try JSONValue.contents(of: path, limit: fileLimit)
    guard let object = json.objectValue else {
      throw Failure(.data, at: path, "an object expected, found \(json.kindName)")
    }
    return object
  }

  /// Those of a tokenizer that was made here.
  public init() {
    (path, tokenPath, object, tokens) = ("tokenizer_config.json", "special_tokens_map.json", nil, JSONObject())
  }

  /// The two files for a tokenizer that transformers is to open: what they said before, with a longest input and the
  /// special tokens that the vocabulary has.
  /// - Parameter hasTypes: whether the model tells the texts of a pair apart.
  /// - Throws: `Failure` of kind `data` where they name no tokens.
  public func files(
    for tokenizer: SubwordTokenizer, _ family: SpecialTokenNames, maximumLength: Int, hasTypes: Bool
  ) throws(Failure) -> (configuration: JSONValue, tokens: JSONValue) {
    var (configuration, map) = (object ?? JSONObject(), tokens)
    if object == nil {
      configuration["tokenizer_class"] = .string("PreTrainedTokenizerFast")
      let inputs = ["input_ids"] + (hasTypes ? ["token_type_ids"] : []) + ["attention_mask"]
      configuration["model_input_names"] = .array(inputs.map { .string($0) })
    }
    configuration["model_max_length"] = .number(maximumLength)
    let names = try names(family)
    for role in SpecialTokenRoleKind.allCases {
      guard let text = names[role], tokenizer.id(of: text) != nil else { continue }
      if configuration[role.rawValue] == nil { configuration[role.rawValue] = .string(text) }
      if map[role.rawValue] == nil { map[role.rawValue] = .string(text) }
    }
    return (.object(configuration), .object(map))
  }

  /// Whether there is a tokenizer_config.json.
  var exist: Bool { object != nil }

  /// The longest input in tokens, special ones among them; nil for any.
  /// - Throws: `Failure` of kind `data`.
  public func maximumLength() throws(Failure) -> Int? {
    guard let value = object?["model_max_length"], value != .null else { return nil }
    guard let length = value.doubleValue, length >= 1 else {
      throw Failure(
        .data, at: path, "model_max_length: a number of 1 or more expected, found \(ComponentReader.shown(value))")
    }
    return length <= Double(HubTokenizerSettings.lengthLimit) ? Int(length) : nil
  }

  /// - Throws: `Failure` of kind `data`.
  func flag(_ key: String) throws(Failure) -> Bool? {
    guard let value = object?[key], value != .null else { return nil }
    guard let flag = value.booleanValue else {
      throw Failure(.data, at: path, "\(key): true or false expected, found \(ComponentReader.shown(value))")
    }
    return flag
  }

  /// The special tokens; what neither file names is as the family has it.
  func names(_ family: SpecialTokenNames) throws(Failure) -> SpecialTokenNames {
    var names = family
    if let object { try names.take(object, at: path) }
    try names.take(tokens, at: tokenPath)
    return names
  }
}
