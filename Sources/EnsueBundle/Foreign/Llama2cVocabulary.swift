// The tokenizer.bin of llama2.c: SentencePiece's byte pairs with a score each. The best score merges first, the leftmost
// of equal ones.
//
// The file: the longest token's length, then for each token its score (float32), its length and its bytes; integers of
// 32 bits, little-endian.

import EnsueFiles
import EnsueText

/// The tokens of such a file.
struct Llama2cVocabulary {
  private static let byteLimit = 64 << 20
  private static let tokenLimit = 1024
  /// Stands for a space within tokens, as in SentencePiece.
  private static let mark = "\u{2581}"
  /// The first tokens: unknown, beginning, end, then every byte.
  private static let specialTokens = ["<unk>", "<s>", "</s>"]
  private static let firstPiece = 3 + 256

  private let path: String
  private let pieces: [(token: String, score: Float)]

  /// - Parameter count: tokens that the model has.
  /// - Throws: `Failure` of kind `missing` or `data`.
  init(contentsOf path: String, count: Int) throws {
    let bytes = try InputFile.contents(of: path, limit: Llama2cVocabulary.byteLimit)
    guard count >= Llama2cVocabulary.firstPiece else {
      throw Failure(
        .data, at: path, "a model of at least \(Llama2cVocabulary.firstPiece) tokens expected, found \(count)")
    }
    var place = 4
    func number() throws(Failure) -> UInt32 {
      guard place + 4 <= bytes.count else {
        throw Failure(.data, at: "\(path)@\(place)", "\(count) tokens expected, found the end of the file")
      }
      defer { place += 4 }
      return (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
    }
    var pieces: [(token: String, score: Float)] = []
    for id in 0..<count {
      let score = Float(bitPattern: try number())
      let length = Int(try number())
      guard (1...Llama2cVocabulary.tokenLimit).contains(length), length <= bytes.count - place, score.isFinite else {
        throw Failure(
          .data, at: "\(path)@\(place)", "a score and a token of 1 to \(Llama2cVocabulary.tokenLimit) bytes expected")
      }
      pieces.append((Llama2cVocabulary.token(id, bytes[place..<place + length]), score))
      place += length
    }
    guard place == bytes.count else {
      throw Failure(
        .data, at: "\(path)@\(place)", "the end of the file after \(count) tokens expected, found more",
        advice: "The tokenizer belongs to another model.")
    }
    (self.path, self.pieces) = (path, pieces)
  }

  /// A token in SentencePiece's spelling; the first three stand between line ends in the file.
  private static func token(_ id: Int, _ bytes: ArraySlice<UInt8>) -> String {
    if id < specialTokens.count { return specialTokens[id] }
    return String(decoding: bytes, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
      .joined(separator: mark)
  }

  /// The same tokens as byte-pair encoding with bytes for what is none; a space before every text, `<s>` where special
  /// tokens are asked for. A text's own `<s>` is the special token, which llama2.c begins every text with.
  func tokenizer() throws -> SubwordTokenizer {
    let model = try BytePairModel(
      vocabulary: pieces.map(\.token), merges: merges(), unknownToken: Llama2cVocabulary.specialTokens[0],
      fallsBackToBytes: true)
    let (mark, space) = (Llama2cVocabulary.mark, TextPattern.literal(" "))
    let beginning = EncodingTemplate.SpecialToken(name: "<s>", ids: [1], tokens: ["<s>"])
    return try SubwordTokenizer(
      model: .bytePair(model), normalizer: .sequence([.prepend(mark), .replace(space, with: mark)]),
      postProcessor: .template(
        EncodingTemplate(
          single: [.special(0, typeID: 0), .first(typeID: 0)],
          pair: [.special(0, typeID: 0), .first(typeID: 0), .special(0, typeID: 1), .second(typeID: 1)],
          specialTokens: [beginning])),
      decoder: .sequence([
        .replace(.literal(mark), with: " "), .byteFallback, .fuse, .strip(" ", start: 1, stop: 0),
      ]), addedTokens: Llama2cVocabulary.specialTokens.map { AddedToken($0) })
  }

  /// Every cut of every token into two others, the best scores first: what llama2.c finds by looking the joined text up.
  private func merges() -> [(left: String, right: String)] {
    let known = Set(pieces.dropFirst(Llama2cVocabulary.specialTokens.count).map(\.token))
    return pieces.indices.dropFirst(Llama2cVocabulary.firstPiece)
      .sorted { pieces[$0].score != pieces[$1].score ? pieces[$0].score > pieces[$1].score : $0 < $1 }
      .flatMap { id -> [(left: String, right: String)] in
        let scalars = Array(pieces[id].token.unicodeScalars)
        return (1..<max(1, scalars.count)).compactMap { cut in
          let (left, right) = (Llama2cVocabulary.text(scalars[..<cut]), Llama2cVocabulary.text(scalars[cut...]))
          return known.contains(left) && known.contains(right) ? (left, right) : nil
        }
      }
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
