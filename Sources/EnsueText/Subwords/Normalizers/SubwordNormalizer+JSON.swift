// Normalisers as tokenizer.json writes them.

import EnsueFiles

extension SubwordNormalizer {
  init(json: JSONValue, at place: String) throws {
    var reader = try ComponentReader(json, at: place)
    switch try reader.kind(SubwordNormalizerKind.self, "a normalizer") {
    case .sequence:
      self = .sequence(try reader.components("normalizers") { try SubwordNormalizer(json: $0, at: $1) })
    case .nfc: self = .unicode(.nfc)
    case .nfd: self = .unicode(.nfd)
    case .nfkc: self = .unicode(.nfkc)
    case .nfkd: self = .unicode(.nfkd)
    case .lowercase: self = .lowercase
    case .strip: self = .strip(left: try reader.boolean("strip_left"), right: try reader.boolean("strip_right"))
    case .stripAccents: self = .stripAccents
    case .replace:
      let pattern = try TextPattern(json: reader.required("pattern"), at: "\(place).pattern")
      self = .replace(pattern, with: try reader.string("content"))
    case .prepend: self = .prepend(try reader.string("prepend"))
    case .bert:
      self = .bert(
        BertNormalization(
          cleansText: try reader.boolean("clean_text"),
          separatesIdeographs: try reader.boolean("handle_chinese_chars"),
          stripsAccents: try reader.optionalBoolean("strip_accents"),
          lowercases: try reader.boolean("lowercase")))
    case .nmt: self = .nmt
    case .precompiled:
      let text = try reader.string("precompiled_charsmap")
      guard let map = Base64.decode(text).flatMap(PrecompiledCharacterMap.init) else {
        throw reader.failure(
          "a compiled character map in base 64 as 'precompiled_charsmap' expected, found \(Failure.shown(text))")
      }
      self = .precompiled(map)
    case .byteLevel: self = .byteLevel
    }
    try reader.end()
  }

  var json: JSONValue {
    switch self {
    case .sequence(let normalizers):
      object(.sequence, [("normalizers", .array(normalizers.map(\.json)))])
    case .unicode(let form):
      switch form {
      case .nfc: object(.nfc)
      case .nfd: object(.nfd)
      case .nfkc: object(.nfkc)
      case .nfkd: object(.nfkd)
      }
    case .lowercase: object(.lowercase)
    case .strip(let left, let right):
      object(.strip, [("strip_left", .boolean(left)), ("strip_right", .boolean(right))])
    case .stripAccents: object(.stripAccents)
    case .replace(let pattern, let text): object(.replace, [("pattern", pattern.json), ("content", .string(text))])
    case .prepend(let text): object(.prepend, [("prepend", .string(text))])
    case .bert(let bert):
      object(
        .bert,
        [
          ("clean_text", .boolean(bert.cleansText)), ("handle_chinese_chars", .boolean(bert.separatesIdeographs)),
          ("strip_accents", bert.stripsAccents.map { .boolean($0) } ?? .null), ("lowercase", .boolean(bert.lowercases)),
        ])
    case .nmt: object(.nmt)
    case .precompiled(let map):
      object(.precompiled, [("precompiled_charsmap", .string(Base64.encode(map.bytes)))])
    case .byteLevel: object(.byteLevel)
    }
  }

  private func object(_ kind: SubwordNormalizerKind, _ members: [(String, JSONValue)] = []) -> JSONValue {
    .component(kind.rawValue, members)
  }
}

extension JSONValue {
  /// An object with its kind first.
  static func component(_ type: String, _ members: [(String, JSONValue)]) -> JSONValue {
    var object = JSONObject()
    object["type"] = .string(type)
    for (key, value) in members { object[key] = value }
    return .object(object)
  }
}
