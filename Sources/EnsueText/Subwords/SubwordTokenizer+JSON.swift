// tokenizer.json, read strictly and written whole.

import EnsueFiles

extension SubwordTokenizer {
  /// The version of the format that is read and written.
  static let formatVersion = "1.0"

  /// Reads a tokenizer.json.
  /// - Parameter place: The file, for messages.
  /// - Throws: `Failure` of kind `data` that names the component at fault and its place.
  public init(json: JSONValue, place: String) throws {
    var reader = try ComponentReader(json, at: place)
    if let version = try reader.optionalString("version"), version != SubwordTokenizer.formatVersion {
      throw reader.failure("format version \(SubwordTokenizer.formatVersion) expected, found \(Failure.shown(version))")
    }
    let settings = BatchSettings(
      truncation: reader.optional("truncation") ?? .null, padding: reader.optional("padding") ?? .null)
    func component<Component>(
      _ key: String, _ make: (JSONValue, String) throws -> Component
    ) throws -> Component? {
      try reader.optional(key).map { try make($0, "\(place), \(key)") }
    }
    let normalizer = try component("normalizer") { try SubwordNormalizer(json: $0, at: $1) }
    let preTokenizer = try component("pre_tokenizer") { try SubwordPreTokenizer(json: $0, at: $1) }
    let postProcessor = try component("post_processor") { try SubwordPostProcessor(json: $0, at: $1) }
    let decoder = try component("decoder") { try SubwordDecoder(json: $0, at: $1) }
    let model = try SubwordModel(json: reader.required("model"), at: "\(place), model")
    var added: [(token: AddedToken, id: Int)] = []
    if reader.has("added_tokens") {
      for (index, value) in try reader.array("added_tokens").enumerated() {
        added.append(try AddedToken.read(value, at: "\(place), added_tokens[\(index)]"))
      }
    }
    try reader.end()
    try self.init(
      model: model, normalizer: normalizer, preTokenizer: preTokenizer, postProcessor: postProcessor,
      decoder: decoder, addedTokens: added.map(\.token), batchSettings: settings, at: place)
    for (index, entry) in added.enumerated() where entry.id != Int(addedIDs[index]) {
      throw Failure(
        .data, at: "\(place), added_tokens[\(index)]",
        "the id \(addedIDs[index]) for \(Failure.shown(entry.token.content)) expected, found \(entry.id)",
        advice: "Ids have no gaps, and a token that the model knows has its id there.")
    }
  }

  /// The tokenizer as a tokenizer.json.
  public var json: JSONValue {
    var object = JSONObject()
    object["version"] = .string(SubwordTokenizer.formatVersion)
    object["truncation"] = batchSettings.truncation
    object["padding"] = batchSettings.padding
    object["added_tokens"] = .array(zip(addedTokens, addedIDs).map { $0.json(id: $1) })
    object["normalizer"] = normalizer?.json ?? .null
    object["pre_tokenizer"] = preTokenizer?.json ?? .null
    object["post_processor"] = postProcessor?.json ?? .null
    object["decoder"] = decoder?.json ?? .null
    object["model"] = model.json
    return .object(object)
  }
}
