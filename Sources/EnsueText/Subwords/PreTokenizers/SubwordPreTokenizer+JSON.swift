// Pre-tokenisers as tokenizer.json writes them.

import EnsueFiles

extension SubwordPreTokenizer {
  init(json: JSONValue, at place: String) throws {
    var reader = try ComponentReader(json, at: place)
    switch try reader.kind(SubwordPreTokenizerKind.self, "a pre-tokenizer") {
    case .sequence:
      self = .sequence(try reader.components("pretokenizers") { try SubwordPreTokenizer(json: $0, at: $1) })
    case .bert: self = .bert
    case .whitespace: self = .whitespace
    case .whitespaceSplit: self = .whitespaceSplit
    case .byteLevel:
      self = .byteLevel(
        addsPrefixSpace: try reader.boolean("add_prefix_space"), cuts: try reader.boolean("use_regex", default: true),
        trimsOffsets: try reader.boolean("trim_offsets", default: true))
    case .metaspace:
      let mark = try reader.scalar("replacement")
      let prefix = try PrefixScheme(&reader)
      _ = reader.optional("str_rep")
      self = .metaspace(mark: mark, prefix: prefix, cuts: try reader.boolean("split", default: true))
    case .punctuation: self = .punctuation(try reader.name("behavior", SplitBehavior.self, default: .isolated))
    case .digits: self = .digits(individually: try reader.boolean("individual_digits"))
    case .split:
      let pattern = try TextPattern(json: reader.required("pattern"), at: "\(place).pattern")
      self = .split(
        pattern, try reader.name("behavior", SplitBehavior.self), isInverted: try reader.boolean("invert"))
    case .delimiter: self = .delimiter(try reader.scalar("delimiter"))
    }
    try reader.end()
  }

  var json: JSONValue {
    switch self {
    case .sequence(let steps): object(.sequence, [("pretokenizers", .array(steps.map(\.json)))])
    case .bert: object(.bert)
    case .whitespace: object(.whitespace)
    case .whitespaceSplit: object(.whitespaceSplit)
    case .byteLevel(let addsPrefixSpace, let cuts, let trimsOffsets):
      object(
        .byteLevel,
        [
          ("add_prefix_space", .boolean(addsPrefixSpace)), ("trim_offsets", .boolean(trimsOffsets)),
          ("use_regex", .boolean(cuts)),
        ])
    case .metaspace(let mark, let prefix, let cuts):
      object(
        .metaspace,
        [
          ("replacement", .string(String(mark))), ("prepend_scheme", .string(prefix.rawValue)),
          ("split", .boolean(cuts)),
        ])
    case .punctuation(let behavior): object(.punctuation, [("behavior", .string(behavior.rawValue))])
    case .digits(let individually): object(.digits, [("individual_digits", .boolean(individually))])
    case .split(let pattern, let behavior, let isInverted):
      object(
        .split,
        [("pattern", pattern.json), ("behavior", .string(behavior.rawValue)), ("invert", .boolean(isInverted))])
    case .delimiter(let scalar): object(.delimiter, [("delimiter", .string(String(scalar)))])
    }
  }

  private func object(_ kind: SubwordPreTokenizerKind, _ members: [(String, JSONValue)] = []) -> JSONValue {
    .component(kind.rawValue, members)
  }
}

extension PrefixScheme {
  /// `prepend_scheme`, or `add_prefix_space` of older files.
  init(_ reader: inout ComponentReader) throws {
    let adds = try reader.optionalBoolean("add_prefix_space")
    let scheme = try reader.name("prepend_scheme", PrefixScheme.self, default: adds == false ? .never : .always)
    guard adds != false || scheme == .never else {
      throw reader.failure(
        "'prepend_scheme' never beside 'add_prefix_space' false expected, found '\(scheme.rawValue)'")
    }
    self = scheme
  }
}
