// The model files of SentencePiece (Kudo and Richardson, 2018): protocol buffers with pieces, how the model was trained
// and how its text is normalised.

import EnsueFiles

/// What is read from a `.model` file.
struct SentencePieceFile {
  /// What a piece is for.
  enum PieceKind: UInt64 {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
  }

  struct Piece {
    var text = ""
    var score: Float = 0
    var kind = PieceKind.normal
  }

  let path: String
  private(set) var pieces: [Piece] = []
  /// 1: unigrams, 2: byte pairs.
  private(set) var modelType: UInt64 = 1
  private(set) var fallsBackToBytes = false
  private(set) var characterMap: PrecompiledCharacterMap?
  private(set) var addsPrefixSpace = true
  private(set) var removesExtraSpaces = true

  /// As SentencePiece itself normalises a text, marks included. Pipelines converted to a tokenizer.json differ: they
  /// take every kind of white space from the end, leave a mark there, and put none before a text that begins with one.
  var normalizer: SubwordNormalizer {
    let mark = "\u{2581}"
    var steps: [SubwordNormalizer] = characterMap.map { [.precompiled($0)] } ?? []
    if removesExtraSpaces {
      steps += [.replace(.regularExpression(.firstSpaces), with: ""), .replace(.regularExpression(.spaces), with: " ")]
    }
    if addsPrefixSpace { steps.append(.prepend(mark)) }
    steps.append(.replace(.literal(" "), with: mark))
    if removesExtraSpaces { steps.append(.replace(.regularExpression(.lastMarks), with: "")) }
    return .sequence(steps)
  }

  init(_ path: String) throws {
    self.path = path
    let bytes = try InputFile.contents(of: path, limit: SubwordTokenizer.maximumFileSize)
    var reader = ProtocolBufferReader(bytes, bytes.indices, name: path)
    while let (field, value) = try reader.next() {
      guard case .bytes(let range) = value else { continue }
      let message = ProtocolBufferReader(bytes, range, name: path)
      switch field {
      case 1: pieces.append(try SentencePieceFile.piece(message))
      case 2: try readTraining(message)
      case 3: try readNormalization(message)
      default: break
      }
    }
    guard !pieces.isEmpty else { throw Failure(.data, at: path, "a SentencePiece model expected, found no pieces") }
  }

  private static func piece(_ message: ProtocolBufferReader) throws -> Piece {
    var reader = message
    var piece = Piece()
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (1, .bytes(let range)):
        guard let text = String(validating: reader.bytes[range], as: UTF8.self), !text.isEmpty else {
          throw reader.failure("a piece in UTF-8 expected, found \(Failure.shown(reader.bytes[range]))")
        }
        piece.text = text
      case (2, .bits(let bits)): piece.score = Float(bitPattern: bits)
      case (3, .number(let number)):
        guard let kind = PieceKind(rawValue: number) else {
          throw reader.failure("a kind of piece from 1 to 6 expected, found \(number)")
        }
        piece.kind = kind
      default: break
      }
    }
    guard !piece.text.isEmpty, piece.score.isFinite else {
      throw reader.failure("a piece and a score expected, found \(Failure.shown(piece.text)) and \(piece.score)")
    }
    return piece
  }

  private mutating func readTraining(_ message: ProtocolBufferReader) throws {
    var reader = message
    while let (field, value) = try reader.next() {
      guard case .number(let number) = value else { continue }
      if field == 3 { modelType = number }
      if field == 35 { fallsBackToBytes = number != 0 }
    }
    guard modelType == 1 || modelType == 2 else {
      throw reader.failure("a model of unigrams (1) or byte pairs (2) expected, found one of type \(modelType)")
    }
  }

  private mutating func readNormalization(_ message: ProtocolBufferReader) throws {
    var reader = message
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (2, .bytes(let range)) where !range.isEmpty:
        guard let map = PrecompiledCharacterMap(Array(reader.bytes[range])) else {
          throw reader.failure("a compiled character map expected, found \(range.count) other bytes")
        }
        characterMap = map
      case (3, .number(let number)): addsPrefixSpace = number != 0
      case (4, .number(let number)): removesExtraSpaces = number != 0
      default: break
      }
    }
  }
}

extension SubwordTokenizer {
  /// A SentencePiece model as the pipeline that does the same.
  init(sentencePieceFile path: String) throws {
    let file = try SentencePieceFile(path)
    let unknown = file.pieces.indices.filter { file.pieces[$0].kind == .unknown }
    guard unknown.count == 1 else {
      throw Failure(.data, at: path, "one unknown piece expected, found \(unknown.count)")
    }
    let added = file.pieces.compactMap { piece -> AddedToken? in
      switch piece.kind {
      case .unknown, .control: AddedToken(piece.text)
      case .userDefined: AddedToken(piece.text, isSpecial: false)
      case .normal, .unused, .byte: nil
      }
    }
    if file.modelType == 2 {
      let vocabulary = file.pieces.map(\.text)
      let model = try BytePairModel(
        vocabulary: vocabulary, merges: SubwordTokenizer.merges(of: file.pieces),
        unknownToken: vocabulary[unknown[0]], continuingPrefix: nil, endOfWordSuffix: nil, fusesUnknown: true,
        fallsBackToBytes: file.fallsBackToBytes, ignoresMerges: false, at: path)
      self = try .sentencePiece(
        model, characterMap: file.characterMap, addsPrefixSpace: file.addsPrefixSpace,
        removesExtraSpaces: file.removesExtraSpaces, addedTokens: added)
    } else {
      let model = try UnigramModel(
        pieces: file.pieces.map { ($0.text, Double($0.score)) }, unknownID: unknown[0],
        fallsBackToBytes: file.fallsBackToBytes, at: path)
      self = try .sentencePiece(
        model, characterMap: file.characterMap, addsPrefixSpace: file.addsPrefixSpace,
        removesExtraSpaces: file.removesExtraSpaces, addedTokens: added)
    }
  }

  /// XLM-RoBERTa's model file (Conneau et al. 2020): the vocabulary is fairseq's, which has its own four tokens before
  /// the pieces, those of the file left out, and the mask behind them.
  init(fairseqSentencePieceFile path: String) throws {
    let file = try SentencePieceFile(path)
    let own = ["<s>", "<pad>", "</s>", "<unk>"]
    guard file.modelType == 1, file.pieces.count >= 3, file.pieces[..<3].allSatisfy({ own.contains($0.text) }) else {
      throw Failure(.data, at: path, "a model of unigrams that begins with <unk>, <s> and </s> expected, found another")
    }
    let pieces = own.map { ($0, 0) } + file.pieces.dropFirst(3).map { ($0.text, Double($0.score)) } + [("<mask>", 0)]
    let model = try UnigramModel(pieces: pieces, unknownID: 3, fallsBackToBytes: false, at: path)
    let added = own.map { AddedToken($0) } + [AddedToken("<mask>", stripsLeft: true)]
    let mark: Unicode.Scalar = "\u{2581}"
    self = try SubwordTokenizer(
      model: .unigram(model), normalizer: file.characterMap.map { .precompiled($0) },
      preTokenizer: .sequence([.whitespaceSplit, .metaspace(mark: mark, prefix: .always, cuts: true)]),
      postProcessor: .roberta(
        separator: .init("</s>", id: 2), beginning: .init("<s>", id: 0), trimsOffsets: true, addsPrefixSpace: true),
      decoder: .metaspace(mark: mark, prefix: .always, cuts: true), addedTokens: added)
  }

  /// A SentencePiece model whose pieces have the ids of another vocabulary; pieces that it lacks are unknown.
  /// - Parameters:
  ///   - vocabulary: the tokens by their ids, of the file at `vocabularyPath`.
  ///   - addedTokens: found before a text is cut.
  init(
    sentencePieceFile path: String, numberedBy vocabulary: [String], at vocabularyPath: String, unknownToken: String,
    addedTokens: [AddedToken]
  ) throws {
    let file = try SentencePieceFile(path)
    guard file.modelType == 1 else {
      throw Failure(.data, at: path, "a model of unigrams (1) expected, found one of byte pairs (2)")
    }
    // Neither special pieces nor bytes are ever found in a text.
    let pieces = file.pieces.filter { $0.kind == .normal || $0.kind == .userDefined }
    let model = try UnigramModel(
      vocabulary: vocabulary, pieces: pieces.map { .init(token: $0.text, score: Double($0.score)) },
      unknownToken: unknownToken, fallsBackToBytes: file.fallsBackToBytes, at: vocabularyPath)
    let plain = try SubwordTokenizer.sentencePiece(
      model, characterMap: file.characterMap, addsPrefixSpace: file.addsPrefixSpace,
      removesExtraSpaces: file.removesExtraSpaces)
    // What a text begins and ends with is no space, even where it is a piece.
    let edges = SubwordDecoder.strip(" ", start: Int(Int32.max), stop: Int(Int32.max))
    self = try SubwordTokenizer(
      model: plain.model, normalizer: file.normalizer, preTokenizer: plain.preTokenizer,
      decoder: .sequence((plain.decoder.map { [$0] } ?? []) + [.fuse, edges]), addedTokens: addedTokens)
  }

  /// The merges that SentencePiece's scores mean: every way to make a piece of two, the piece with the best score first.
  private static func merges(of pieces: [SentencePieceFile.Piece]) -> [(left: String, right: String)] {
    var table = ByteTable(capacity: pieces.count)
    for piece in pieces { table.insert(Array(piece.text.utf8)) }
    var merges: [(left: Int, right: Int, score: Float, lengths: (Int, Int))] = []
    for piece in pieces {
      let bytes = Array(piece.text.utf8)
      var ways: [(left: Int, right: Int, score: Float, lengths: (Int, Int))] = []
      var characters = 0
      let total = piece.text.unicodeScalars.count
      for cut in bytes.indices where bytes[cut] & 0xC0 != 0x80 {
        if cut > 0, let left = table.find(Array(bytes[..<cut])), let right = table.find(Array(bytes[cut...])) {
          ways.append((left, right, piece.score, (characters, total - characters)))
        }
        characters += 1
      }
      merges += ways.sorted { ($0.left, $0.right) < ($1.left, $1.right) }
    }
    let order = merges.indices.sorted { first, second in
      let (one, other) = (merges[first], merges[second])
      if one.score != other.score { return one.score > other.score }
      if one.lengths != other.lengths { return one.lengths > other.lengths }
      return first < second
    }
    return order.map { (pieces[merges[$0].left].text, pieces[merges[$0].right].text) }
  }
}
