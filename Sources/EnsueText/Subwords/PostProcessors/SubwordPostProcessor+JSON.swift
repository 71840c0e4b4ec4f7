// Post-processors as tokenizer.json writes them.

import EnsueFiles

extension SubwordPostProcessor {
  init(json: JSONValue, at place: String) throws {
    var reader = try ComponentReader(json, at: place)
    switch try reader.kind(SubwordPostProcessorKind.self, "a post-processor") {
    case .sequence:
      self = .sequence(try reader.components("processors") { try SubwordPostProcessor(json: $0, at: $1) })
    case .bert:
      self = .bert(
        separator: try SubwordPostProcessor.token("sep", &reader),
        beginning: try SubwordPostProcessor.token("cls", &reader))
    case .roberta:
      self = .roberta(
        separator: try SubwordPostProcessor.token("sep", &reader),
        beginning: try SubwordPostProcessor.token("cls", &reader),
        trimsOffsets: try reader.boolean("trim_offsets"), addsPrefixSpace: try reader.boolean("add_prefix_space"))
    case .template: self = .template(try EncodingTemplate(&reader))
    case .byteLevel:
      self = .byteLevel(
        addsPrefixSpace: try reader.boolean("add_prefix_space"), cuts: try reader.boolean("use_regex", default: true),
        trimsOffsets: try reader.boolean("trim_offsets"))
    }
    try reader.end()
    guard addingSteps <= 1 else {
      throw reader.failure("at most one step that adds tokens expected, found \(addingSteps)")
    }
  }

  var json: JSONValue {
    switch self {
    case .sequence(let steps): object(.sequence, [("processors", .array(steps.map(\.json)))])
    case .bert(let separator, let beginning): object(.bert, [("sep", json(separator)), ("cls", json(beginning))])
    case .roberta(let separator, let beginning, let trimsOffsets, let addsPrefixSpace):
      object(
        .roberta,
        [
          ("sep", json(separator)), ("cls", json(beginning)), ("trim_offsets", .boolean(trimsOffsets)),
          ("add_prefix_space", .boolean(addsPrefixSpace)),
        ])
    case .template(let template): object(.template, template.members)
    case .byteLevel(let addsPrefixSpace, let cuts, let trimsOffsets):
      object(
        .byteLevel,
        [
          ("add_prefix_space", .boolean(addsPrefixSpace)), ("trim_offsets", .boolean(trimsOffsets)),
          ("use_regex", .boolean(cuts)),
        ])
    }
  }

  private func object(_ kind: SubwordPostProcessorKind, _ members: [(String, JSONValue)]) -> JSONValue {
    .component(kind.rawValue, members)
  }

  private func json(_ token: Token) -> JSONValue { .array([.string(token.text), .number(Int(token.id))]) }

  /// A pair of a token's text and its id.
  private static func token(_ key: String, _ reader: inout ComponentReader) throws -> Token {
    let pair = try reader.array(key)
    guard pair.count == 2, let text = pair[0].stringValue else {
      throw reader.failure("a token and its id as '\(key)' expected, found another list")
    }
    return Token(text, id: Int32(try ComponentReader.count(pair[1], at: "\(reader.place).\(key)")))
  }
}
