// Templates: where the texts and the special tokens stand.

import EnsueFiles

/// What `TemplateProcessing` says: one list of parts for a text, one for a pair.
public struct EncodingTemplate: Sendable, Equatable {
  public enum Part: Sendable, Equatable {
    /// The first text.
    case first(typeID: Int32)
    /// The second text.
    case second(typeID: Int32)
    /// One of `specialTokens`, by its place in the list.
    case special(Int, typeID: Int32)

    var typeID: Int32 {
      switch self {
      case .first(let type), .second(let type), .special(_, let type): type
      }
    }
  }

  /// A name in the template and the ids that it stands for.
  public struct SpecialToken: Sendable, Equatable {
    public let name: String
    public let ids: [Int32]
    public let tokens: [String]

    public init(name: String, ids: [Int32], tokens: [String]) {
      (self.name, self.ids, self.tokens) = (name, ids, tokens)
    }
  }

  public let single: [Part]
  public let pair: [Part]
  public let specialTokens: [SpecialToken]

  public init(single: [Part], pair: [Part], specialTokens: [SpecialToken]) {
    (self.single, self.pair, self.specialTokens) = (single, pair, specialTokens)
  }

  func apply(to texts: [SubwordEncoding], addsSpecialTokens: Bool) -> [SubwordEncoding] {
    var result: [SubwordEncoding] = []
    for part in texts.count > 1 ? pair : single {
      switch part {
      case .first(let type): result.append(EncodingTemplate.text(texts[0], type))
      case .second(let type): if texts.count > 1 { result.append(EncodingTemplate.text(texts[1], type)) }
      case .special(let index, let type):
        guard addsSpecialTokens else { continue }
        var encoding = SubwordEncoding()
        for id in specialTokens[index].ids { encoding.append(id, typeID: type) }
        result.append(encoding)
      }
    }
    return result
  }

  private static func text(_ encoding: SubwordEncoding, _ type: Int32) -> SubwordEncoding {
    var encoding = encoding
    encoding.setType(type)
    return encoding
  }
}

extension EncodingTemplate {
  init(_ reader: inout ComponentReader) throws {
    var tokens: [SpecialToken] = []
    let place = "\(reader.place).special_tokens"
    guard let members = try reader.required("special_tokens").objectValue?.members else {
      throw Failure(.data, at: place, "an object expected")
    }
    for (key, value) in members {
      var token = try ComponentReader(value, at: "\(place).\(key)")
      let name = try token.string("id")
      let ids = try token.array("ids").map { Int32(try ComponentReader.count($0, at: "\(place).\(key).ids")) }
      let texts = try token.array("tokens").compactMap(\.stringValue)
      guard texts.count == ids.count, name == key, !ids.isEmpty else {
        throw token.failure("as many 'tokens' as 'ids', and its own name, expected, found another entry")
      }
      try token.end()
      tokens.append(SpecialToken(name: name, ids: ids, tokens: texts))
    }
    single = try reader.components("single") { try EncodingTemplate.part($0, tokens, at: $1) }
    pair = try reader.components("pair") { try EncodingTemplate.part($0, tokens, at: $1) }
    specialTokens = tokens
    for part in single { if case .second = part { throw reader.failure("no text B in 'single' expected, found one") } }
  }

  private static func part(_ json: JSONValue, _ tokens: [SpecialToken], at place: String) throws -> Part {
    var outer = try ComponentReader(json, at: place)
    let isText = outer.has("Sequence")
    var inner = try ComponentReader(
      try outer.required(isText ? "Sequence" : "SpecialToken"), at: "\(place).\(isText ? "Sequence" : "SpecialToken")")
    let name = try inner.string("id")
    let type = Int32(try inner.count("type_id"))
    try inner.end()
    try outer.end()
    if isText {
      guard name == "A" || name == "B" else { throw inner.failure("A or B expected, found \(Failure.shown(name))") }
      return name == "A" ? .first(typeID: type) : .second(typeID: type)
    }
    guard let index = tokens.firstIndex(where: { $0.name == name }) else {
      throw inner.failure("a name among 'special_tokens' expected, found \(Failure.shown(name))")
    }
    return .special(index, typeID: type)
  }

  var members: [(String, JSONValue)] {
    var names = JSONObject()
    for token in specialTokens {
      names[token.name] = .object([
        "id": .string(token.name), "ids": .array(token.ids.map { .number(Int($0)) }),
        "tokens": .array(token.tokens.map { .string($0) }),
      ])
    }
    return [
      ("single", .array(single.map(json))), ("pair", .array(pair.map(json))), ("special_tokens", .object(names)),
    ]
  }

  private func json(_ part: Part) -> JSONValue {
    func entry(_ kind: String, _ name: String, _ type: Int32) -> JSONValue {
      let inner: JSONObject = ["id": .string(name), "type_id": .number(Int(type))]
      var outer = JSONObject()
      outer[kind] = .object(inner)
      return .object(outer)
    }
    return switch part {
    case .first(let type): entry("Sequence", "A", type)
    case .second(let type): entry("Sequence", "B", type)
    case .special(let index, let type): entry("SpecialToken", specialTokens[index].name, type)
    }
  }
}
