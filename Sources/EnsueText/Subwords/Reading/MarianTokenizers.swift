// The tokenizers of a MarianMT folder: a SentencePiece model of each side, and one vocabulary that numbers the pieces
// of both.

import EnsueFiles

/// `source.spm` and `target.spm` with the ids of `vocab.json` (Junczys-Dowmunt et al., Marian, 2018).
///
/// A mark of a language, such as `>>de<<`, is one token where the vocabulary has it. Punctuation is not made plain, as
/// transformers does where it finds the package sacremoses.
public struct MarianTokenizers: Sendable {
  public let source: SubwordTokenizer
  public let target: SubwordTokenizer
  /// Ends sources and targets.
  public let endID: Int32
  /// Fills batches in other programs; a target begins with it.
  public let paddingID: Int32

  /// - Throws: `Failure` of kind `missing` or `data` that names the file.
  public init(folder: String) throws {
    let settings = try HubTokenizerSettings(folder: folder)
    guard try settings.flag("separate_vocabs") != true else {
      throw Failure(
        .data, at: "\(folder)/tokenizer_config.json", "separate_vocabs: false expected, found true",
        advice: "Only models with one vocabulary of both sides are built.")
    }
    let path = "\(folder)/vocab.json"
    let vocabulary = try TokenList.tokens(.contents(of: path, limit: SubwordTokenizer.maximumFileSize), at: path)
    let names = try settings.names(.marian)
    var special: [String] = []
    for role in [SpecialTokenRoleKind.unknown, .end, .padding] {
      if let text = names[role], !special.contains(text) { special.append(text) }
    }
    let marks = vocabulary.filter { $0.hasPrefix(">>") && $0.hasSuffix("<<") && !special.contains($0) }
    let added = special.map { AddedToken($0) } + marks.map { AddedToken($0, isSpecial: false) }
    func tokenizer(_ file: String) throws -> SubwordTokenizer {
      try SubwordTokenizer(
        sentencePieceFile: "\(folder)/\(file)", numberedBy: vocabulary, at: path, unknownToken: special[0],
        addedTokens: added)
    }
    (source, target) = (try tokenizer("source.spm"), try tokenizer("target.spm"))
    let tokens = source.model.tokens
    func id(_ role: SpecialTokenRoleKind) throws -> Int32 {
      try tokens.requiredID(of: names[role] ?? "", as: "the \(role.rawValue)", at: path)
    }
    (endID, paddingID) = (try id(.end), try id(.padding))
  }
}
