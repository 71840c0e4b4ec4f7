// Decoders as tokenizer.json writes them.

import EnsueFiles

extension SubwordDecoder {
  init(json: JSONValue, at place: String) throws {
    var reader = try ComponentReader(json, at: place)
    switch try reader.kind(SubwordDecoderKind.self, "a decoder") {
    case .sequence: self = .sequence(try reader.components("decoders") { try SubwordDecoder(json: $0, at: $1) })
    case .byteLevel:
      self = .byteLevel(
        addsPrefixSpace: try reader.boolean("add_prefix_space", default: true),
        cuts: try reader.boolean("use_regex", default: true),
        trimsOffsets: try reader.boolean("trim_offsets", default: true))
    case .wordPiece: self = .wordPiece(prefix: try reader.string("prefix"), cleans: try reader.boolean("cleanup"))
    case .metaspace:
      let mark = try reader.scalar("replacement")
      let prefix = try PrefixScheme(&reader)
      _ = reader.optional("str_rep")
      self = .metaspace(mark: mark, prefix: prefix, cuts: try reader.boolean("split", default: true))
    case .bytePair: self = .bytePair(suffix: try reader.string("suffix"))
    case .byteFallback: self = .byteFallback
    case .fuse: self = .fuse
    case .strip:
      self = .strip(
        try reader.scalar("content"), start: try reader.count("start"), stop: try reader.count("stop"))
    case .replace:
      let pattern = try TextPattern(json: reader.required("pattern"), at: "\(place).pattern")
      self = .replace(pattern, with: try reader.string("content"))
    }
    try reader.end()
  }

  var json: JSONValue {
    switch self {
    case .sequence(let steps): object(.sequence, [("decoders", .array(steps.map(\.json)))])
    case .byteLevel(let addsPrefixSpace, let cuts, let trimsOffsets):
      object(
        .byteLevel,
        [
          ("add_prefix_space", .boolean(addsPrefixSpace)), ("trim_offsets", .boolean(trimsOffsets)),
          ("use_regex", .boolean(cuts)),
        ])
    case .wordPiece(let prefix, let cleans):
      object(.wordPiece, [("prefix", .string(prefix)), ("cleanup", .boolean(cleans))])
    case .metaspace(let mark, let prefix, let cuts):
      object(
        .metaspace,
        [
          ("replacement", .string(String(mark))), ("prepend_scheme", .string(prefix.rawValue)),
          ("split", .boolean(cuts)),
        ])
    case .bytePair(let suffix): object(.bytePair, [("suffix", .string(suffix))])
    case .byteFallback: object(.byteFallback)
    case .fuse: object(.fuse)
    case .strip(let scalar, let start, let stop):
      object(
        .strip, [("content", .string(String(scalar))), ("start", .number(start)), ("stop", .number(stop))])
    case .replace(let pattern, let text): object(.replace, [("pattern", pattern.json), ("content", .string(text))])
    }
  }

  private func object(_ kind: SubwordDecoderKind, _ members: [(String, JSONValue)] = []) -> JSONValue {
    .component(kind.rawValue, members)
  }
}
