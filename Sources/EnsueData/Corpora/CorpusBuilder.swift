// Text files to a corpus: documents, ids, shards. Memory does not grow with the text.

import EnsueFiles
import EnsueText

/// Makes corpora of text files.
///
/// A document that is a line or a block between blank lines is encoded as a whole. A file that is one document is
/// encoded in parts of some megabytes, cut where the ids are those of the whole text (`TextCutKind`): anywhere for bytes
/// and characters, at line ends for words, and for subwords before a line end after something other than white space.
///
/// Where the tokenizer has a token for the end of a text, it ends every document in place of the last line's end.
public struct CorpusBuilder: Sendable {
  /// The names of the files beside the shards.
  static let codecFile = "codec.json"
  static let tokenizerFile = "tokenizer.json"

  public let codec: TokenCodec
  public let documents: DocumentKind
  public let shardTokens: Int
  let pieceSize: Int

  /// - Parameter shardTokens: the most ids of a shard.
  public init(
    _ codec: TokenCodec, documents: DocumentKind = .files, shardTokens: Int = TokenCorpusWriter.defaultShardTokens
  ) {
    self.init(codec, documents: documents, shardTokens: shardTokens, pieceSize: TextPieceReader.defaultPieceSize)
  }

  package init(_ codec: TokenCodec, documents: DocumentKind, shardTokens: Int, pieceSize: Int) {
    (self.codec, self.documents, self.shardTokens, self.pieceSize) = (codec, documents, shardTokens, pieceSize)
  }

  /// Reads files and writes a corpus of them.
  /// - Parameters:
  ///   - files: in this order.
  ///   - folder: must hold no corpus.
  ///   - progress: called with the bytes that were read and those of all files.
  /// - Throws: `Failure`; the folder is then what it was.
  public func build(
    _ files: [String], to folder: String, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws -> TokenCorpusIndex {
    let codecText = codec.json.indented
    var writer = try TokenCorpusWriter(
      folder, vocabularySize: codec.vocabularySize, shardTokens: shardTokens,
      properties: [
        "level": .string(codec.level.rawValue), "documents": .string(documents.rawValue),
        "codecDigest": .string(Digest(of: Array(codecText.utf8)).description),
      ])
    let size = try files.reduce(0) { try $0 + InputFile($1).size }
    var done = 0
    for path in files {
      var reader = try DocumentReader(
        path, documents: documents, cut: cut, isText: codec.level != .bytes, pieceSize: pieceSize)
      while let part = try reader.next() {
        try append(part, to: &writer)
        done += part.bytes.count
        progress(done, size)
      }
      writer.addSource(reader.source)
    }
    var attachments = [(name: CorpusBuilder.codecFile, text: codecText)]
    if case .subwords(let tokenizer) = codec {
      attachments.append((CorpusBuilder.tokenizerFile, tokenizer.json.description))
    }
    return try writer.finish(attachments: attachments)
  }

  private func append(_ part: DocumentReader.Part, to writer: inout TokenCorpusWriter) throws {
    var bytes = part.bytes
    if part.endsDocument, codec.endOfText != nil {
      if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    }
    try writer.append(codec.encode(utf8: bytes))
    guard part.endsDocument else { return }
    if let end = codec.endOfText { try writer.append([end]) }
    writer.endDocument()
  }

  /// Where a file that is one document may be cut.
  private var cut: TextCutKind {
    switch codec.level {
    case .bytes: .bytes
    case .characters: .characters
    case .words: .lines
    case .subwords: .words
    }
  }
}

extension TokenCorpus {
  /// How the corpus was encoded; nil where its folder does not say.
  /// - Throws: `Failure` of kind `data` where it is not what the ids were made with.
  public func codec() throws -> TokenCodec? {
    let path = "\(folder)/\(CorpusBuilder.codecFile)"
    guard InputFile.exists(path) else { return nil }
    let bytes = try InputFile.contents(of: path)
    guard index.properties["codecDigest"] == .string(Digest(of: bytes).description) else {
      throw Failure(.data, at: path, "the codec of the corpus expected, found another", advice: "The file was changed.")
    }
    let codec = try TokenCodec(json: JSONValue.parse(bytes, name: path), place: path) {
      try SubwordTokenizer(contentsOf: "\(folder)/\(CorpusBuilder.tokenizerFile)")
    }
    guard codec.vocabularySize == vocabularySize else {
      throw Failure(
        .data, at: path, "a vocabulary of \(vocabularySize) expected, found \(codec.vocabularySize)",
        advice: "The corpus was made with another tokenizer.")
    }
    return codec
  }
}
