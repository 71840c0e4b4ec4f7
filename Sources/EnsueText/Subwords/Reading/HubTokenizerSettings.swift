// What tokenizer_config.json, special_tokens_map.json and added_tokens.json say: a tokenizer.json seldom needs them,
// the files before it do.

import EnsueFiles

/// Settings of a tokenizer's folder; the files may be missing.
public struct HubTokenizerSettings: Sendable {
  /// Longer limits are none: transformers writes 10³⁰ where there is no limit.
  private static let lengthLimit = 1 << 24
  private static let fileLimit = 8 << 20

  private let path: String
  private let object: JSONObject?
  private let tokens: JSONObject
  private let tokenPath: String
  private let added: JSONObject
  private let addedPath: String

  /// - Throws: `Failure` of kind `data` for what is no object.
  public init(folder: String) throws {
    path = "\(folder)/tokenizer_config.json"
    tokenPath = "\(folder)/special_tokens_map.json"
    object = try HubTokenizerSettings.object(path)
    tokens = try HubTokenizerSettings.object(tokenPath) ?? JSONObject()
    addedPath = "\(folder)/added_tokens.json"
    added = try HubTokenizerSettings.object(addedPath) ?? JSONObject()
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
    (addedPath, added) = ("added_tokens.json", JSONObject())
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

  /// Whether the class of the tokenizer is one of a family, whose settings count beside a tokenizer.json too.
  var namesFamily: Bool {
    !["PreTrainedTokenizerFast", "TokenizersBackend"].contains(object?["tokenizer_class"]?.stringValue ?? "")
  }

  /// A token that somebody added to a vocabulary, and where it is said.
  struct Addition {
    let token: AddedToken
    let id: Int
    let place: String
  }

  /// The tokens of `added_tokens_decoder`, by their ids; where there is none those of added_tokens.json, which says
  /// less: they are looked for in the normalised text unless they are special.
  /// - Throws: `Failure` of kind `data`.
  func additions() throws -> [Addition] {
    var found: [Addition] = []
    if let value = object?["added_tokens_decoder"], value != .null {
      guard let decoder = value.objectValue else {
        throw Failure(.data, at: path, "added_tokens_decoder: an object expected, found \(value.kindName)")
      }
      for (key, entry) in decoder.members {
        let place = "\(path), added_tokens_decoder.\(key)"
        guard let id = Int(key), id >= 0 else { throw Failure(.data, at: place, "an id expected as the key") }
        var reader = try ComponentReader(entry, at: place)
        let isSpecial = try reader.boolean("special", default: false)
        let token = AddedToken(
          try reader.string("content"), isSpecial: isSpecial,
          isSingleWord: try reader.boolean("single_word", default: false),
          stripsLeft: try reader.boolean("lstrip", default: false),
          stripsRight: try reader.boolean("rstrip", default: false),
          isNormalized: try reader.boolean("normalized", default: !isSpecial))
        found.append(Addition(token: token, id: id, place: place))
      }
    } else {
      let special = try names(SpecialTokenNames()).texts
      for (text, value) in added.members {
        let place = "\(addedPath), \(Failure.shown(text))"
        let isSpecial = special.contains { $0.utf8.elementsEqual(text.utf8) }
        found.append(
          Addition(
            token: AddedToken(text, isSpecial: isSpecial, isNormalized: !isSpecial),
            id: try ComponentReader.count(value, at: place), place: place))
      }
    }
    return found.sorted { $0.id < $1.id }
  }

  /// The special tokens; what neither file names is as the family has it.
  func names(_ family: SpecialTokenNames) throws(Failure) -> SpecialTokenNames {
    var names = family
    if let object { try names.take(object, at: path) }
    try names.take(tokens, at: tokenPath)
    return names
  }
}
