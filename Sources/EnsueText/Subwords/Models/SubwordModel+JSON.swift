// Models as tokenizer.json writes them.

import EnsueFiles

extension SubwordModel {
  init(json: JSONValue, at place: String) throws {
    var reader = try ComponentReader(json, at: place)
    switch try SubwordModel.kind(&reader) {
    case .bytePair: self = .bytePair(try BytePairModel(&reader))
    case .wordPiece:
      self = .wordPiece(
        try WordPieceModel(
          vocabulary: TokenList.tokens(reader.required("vocab"), at: "\(place).vocab"),
          unknownToken: reader.string("unk_token"), continuingPrefix: reader.string("continuing_subword_prefix"),
          longestWord: reader.count("max_input_chars_per_word"), at: place))
    case .unigram: self = .unigram(try UnigramModel(&reader))
    case .wordLevel:
      self = .wordLevel(
        try WordLevelModel(
          vocabulary: TokenList.tokens(reader.required("vocab"), at: "\(place).vocab"),
          unknownToken: reader.string("unk_token"), at: place))
    }
    try reader.end()
  }

  /// Files of 2020 leave the kind of a model to what it has.
  private static func kind(_ reader: inout ComponentReader) throws -> SubwordModelKind {
    if reader.has("type") { return try reader.kind(SubwordModelKind.self, "a model") }
    if reader.has("merges") { return .bytePair }
    if reader.has("max_input_chars_per_word") { return .wordPiece }
    return reader.has("unk_id") ? .unigram : .wordLevel
  }

  var json: JSONValue {
    switch self {
    case .bytePair(let model): .component(kind.rawValue, model.members)
    case .wordPiece(let model):
      .component(
        kind.rawValue,
        [
          ("unk_token", .string(model.unknownToken)), ("continuing_subword_prefix", .string(model.continuingPrefix)),
          ("max_input_chars_per_word", .number(model.longestWord)), ("vocab", model.tokens.json),
        ])
    case .unigram(let model): .component(kind.rawValue, model.members)
    case .wordLevel(let model):
      .component(kind.rawValue, [("vocab", model.tokens.json), ("unk_token", .string(model.unknownToken))])
    }
  }
}

extension BytePairModel {
  init(_ reader: inout ComponentReader) throws {
    let place = reader.place
    if let dropout = reader.optional("dropout"), dropout.doubleValue != 0 {
      throw reader.failure(
        "no 'dropout' expected, found \(ComponentReader.shown(dropout))",
        advice: "With it the same text has other ids each time.")
    }
    try self.init(
      vocabulary: TokenList.tokens(reader.required("vocab"), at: "\(place).vocab"),
      merges: reader.components("merges", BytePairModel.merge), unknownToken: reader.optionalString("unk_token"),
      continuingPrefix: reader.optionalString("continuing_subword_prefix"),
      endOfWordSuffix: reader.optionalString("end_of_word_suffix"),
      fusesUnknown: reader.boolean("fuse_unk", default: false),
      fallsBackToBytes: reader.boolean("byte_fallback", default: false),
      ignoresMerges: reader.boolean("ignore_merges", default: false), at: place)
  }

  /// A merge is a list of two tokens or, in older files, two tokens with a space between.
  private static func merge(_ json: JSONValue, at place: String) throws -> (left: String, right: String) {
    if let text = json.stringValue, let merge = merge(line: text) { return merge }
    if let pair = json.arrayValue, pair.count == 2, let left = pair[0].stringValue, let right = pair[1].stringValue {
      return (left, right)
    }
    throw Failure(.data, at: place, "a merge of two tokens expected, found \(ComponentReader.shown(json))")
  }

  /// Two tokens with one space between.
  static func merge(line: String) -> (left: String, right: String)? {
    let parts = line.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    return (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self))
  }

  var members: [(String, JSONValue)] {
    func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    return [
      ("dropout", .null), ("unk_token", text(unknownToken)), ("continuing_subword_prefix", text(continuingPrefix)),
      ("end_of_word_suffix", text(endOfWordSuffix)), ("fuse_unk", .boolean(fusesUnknown)),
      ("byte_fallback", .boolean(fallsBackToBytes)), ("ignore_merges", .boolean(ignoresMerges)),
      ("vocab", tokens.json),
      (
        "merges",
        .array(
          mergePairs.map {
            .array([.string(tokens.text(Int($0.left))), .string(tokens.text(Int($0.right)))])
          })
      ),
    ]
  }
}

extension UnigramModel {
  /// The member `outside`, pieces without an id, is of our own files alone; with it a token that is no piece has null
  /// in the place of its score.
  init(_ reader: inout ComponentReader) throws {
    let outside = try reader.has("outside") ? reader.components("outside", UnigramModel.piece) : nil
    let pieces = try reader.components("vocab") { json, place in
      if outside != nil, let pair = json.arrayValue, pair.count == 2, pair[1] == .null,
        let token = pair[0].stringValue
      {
        return Piece(token: token, score: -.infinity)
      }
      return try UnigramModel.piece(json, at: place)
    }
    let unknownID = try reader.optional("unk_id").map { try ComponentReader.count($0, at: "\(reader.place).unk_id") }
    let fallsBack = try reader.boolean("byte_fallback", default: false)
    guard let outside, let unknownID, pieces.indices.contains(unknownID) else {
      try self.init(
        pieces: pieces.map { ($0.token, $0.score) }, unknownID: unknownID, fallsBackToBytes: fallsBack,
        at: reader.place)
      return
    }
    self.init(
      tokens: try TokenList(pieces.map(\.token), at: "\(reader.place).vocab"), scores: pieces.map(\.score),
      outside: outside, unknownID: unknownID, fallsBackToBytes: fallsBack)
  }

  private static func piece(_ json: JSONValue, at place: String) throws -> Piece {
    guard let pair = json.arrayValue, pair.count == 2 else {
      throw Failure(.data, at: place, "a piece and its score expected, found \(ComponentReader.shown(json))")
    }
    guard let token = pair[0].stringValue else {
      throw Failure(.data, at: "\(place)[0]", "a piece expected, found \(ComponentReader.shown(pair[0]))")
    }
    guard let score = pair[1].doubleValue else {
      throw Failure(.data, at: "\(place)[1]", "a finite score expected, found \(ComponentReader.shown(pair[1]))")
    }
    return Piece(token: token, score: score)
  }

  var members: [(String, JSONValue)] {
    func pair(_ token: String, _ score: Double) -> JSONValue {
      .array([.string(token), score.isFinite ? .number(score) : .null])
    }
    let members: [(String, JSONValue)] = [
      ("unk_id", .number(unknownID)),
      ("vocab", .array((0..<tokens.count).map { pair(tokens.text($0), scores[$0]) })),
      ("byte_fallback", .boolean(fallsBackToBytes)),
    ]
    guard let outside else { return members }
    return members + [("outside", .array(outside.map { pair($0.token, $0.score) }))]
  }
}
