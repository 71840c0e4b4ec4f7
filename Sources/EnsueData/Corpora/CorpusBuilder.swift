// Text files to a corpus: documents, ids, shards. Memory does not grow with the text.

import EnsueFiles
import EnsueText

/// Makes corpora of text files.
///
/// A document that is a line or a block between blank lines is encoded as a whole. A file that is one document is
/// encoded in parts of some megabytes, cut where the ids are those of the whole text (`TextCutKind`): anywhere for bytes
/// and characters, at line ends for words, and for subwords between a line end and a letter or number.
///
/// Where the tokenizer has a token for the end of a text, it ends every document in place of the last line's end.
///
/// Words, characters and bytes of the documents are counted as they are read, line ends among them.
public struct CorpusBuilder: Sendable {
  /// The names of the files beside the shards.
  static let codecFile = "codec.json"
  static let tokenizerFile = "tokenizer.json"

  /// The property of the index that says how many bytes were not UTF-8 and became U+FFFD; not there for none.
  public static let replacedBytesName = "replacedBytes"

  /// The property of the index that holds the digest of one of them.
  static func digestName(of file: String) -> String { file == codecFile ? "codecDigest" : "tokenizerDigest" }

  public let codec: TokenCodec
  public let documents: DocumentKind
  public let shardTokens: Int
  /// How bytes are text; where they are tokens themselves they are taken as they are.
  public let form: TextForm
  let pieceSize: Int

  /// - Parameter shardTokens: the most ids of a shard.
  public init(
    _ codec: TokenCodec, documents: DocumentKind = .files, shardTokens: Int = TokenCorpusWriter.defaultShardTokens,
    form: TextForm = TextForm()
  ) {
    self.init(
      codec, documents: documents, shardTokens: shardTokens, form: form, pieceSize: TextPieceReader.defaultPieceSize)
  }

  package init(
    _ codec: TokenCodec, documents: DocumentKind, shardTokens: Int, form: TextForm = TextForm(), pieceSize: Int
  ) {
    (self.codec, self.documents, self.shardTokens) = (codec, documents, shardTokens)
    (self.form, self.pieceSize) = (form, pieceSize)
  }

  /// Reads files and writes a corpus of them.
  /// - Parameters:
  ///   - files: in this order; `-` is standard input.
  ///   - folder: must hold no corpus.
  ///   - progress: called with the bytes that were read and those of all files, 0 where nobody knows.
  /// - Throws: `Failure`; the folder is then what it was.
  public func build(
    _ files: [String], to folder: String, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws -> TokenCorpusIndex {
    var attachments = [(name: CorpusBuilder.codecFile, text: codec.json.indented)]
    if case .subwords(let tokenizer) = codec {
      attachments.append((CorpusBuilder.tokenizerFile, tokenizer.json.description))
    }
    var properties: JSONObject = [
      "level": .string(codec.level.rawValue), "documents": .string(documents.rawValue),
    ]
    for (name, text) in attachments {
      properties[CorpusBuilder.digestName(of: name)] = .string(Digest(of: Array(text.utf8)).description)
    }
    var writer = try TokenCorpusWriter(
      folder, vocabularySize: codec.vocabularySize, shardTokens: shardTokens, properties: properties)
    let size = files.contains("-") ? 0 : try files.reduce(0) { try $0 + InputFile($1).size }
    var (done, replacedBytes) = (0, 0)
    var text = TextLengthCounter()
    for path in files {
      var reader = try DocumentReader(
        path, documents: documents, cut: cut, form: codec.level == .bytes ? nil : form, pieceSize: pieceSize)
      while let part = try reader.next() {
        try append(part, to: &writer)
        text.append(part.bytes)
        if part.endsDocument { text.endText() }
        done += part.bytes.count
        progress(done, size)
      }
      writer.addSource(reader.source)
      replacedBytes += reader.replacedBytes
    }
    if replacedBytes > 0 { writer.addProperty(CorpusBuilder.replacedBytesName, .number(replacedBytes)) }
    return try writer.finish(attachments: attachments, text: text.length)
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
    let json = try JSONValue.parse(contents(of: CorpusBuilder.codecFile), name: path)
    let codec = try TokenCodec(json: json, place: path) {
      let file = "\(folder)/\(CorpusBuilder.tokenizerFile)"
      return try SubwordTokenizer(
        json: JSONValue.parse(contents(of: CorpusBuilder.tokenizerFile), name: file), place: file)
    }
    guard codec.vocabularySize == vocabularySize else {
      throw Failure(
        .data, at: path, "a vocabulary of \(vocabularySize) expected, found \(codec.vocabularySize)",
        advice: "The corpus was made with another tokenizer.")
    }
    return codec
  }
  /// Refuses a corpus whose ids stand for others than those of a codec. Where its folder does not say what they stand
  /// for, there must be as many.
  /// - Throws: `Failure` of kind `data`, and as `codec()`.
  public func require(_ codec: TokenCodec) throws {
    let advice = "Build the corpus with the same tokenizer."
    guard vocabularySize == codec.vocabularySize else {
      throw Failure(
        .data, at: folder,
        "ids of the \(codec.vocabularySize) \(codec.level.unit)s of the model expected, found a corpus of"
          + " \(vocabularySize)", advice: advice)
    }
    guard try self.codec()?.hasSameIDs(as: codec) ?? true else {
      throw Failure(
        .data, at: folder, "ids of the model's own \(codec.level.unit)s expected, found as many of others",
        advice: advice)
    }
  }

  /// A file beside the shards, as it was when the ids were made. Older corpora do not have the digest of their
  /// tokenizer.
  private func contents(of file: String) throws -> [UInt8] {
    let bytes = try InputFile.contents(of: "\(folder)/\(file)")
    let digest = index.properties[CorpusBuilder.digestName(of: file)]
    let isOld = digest == nil && file == CorpusBuilder.tokenizerFile
    guard isOld || digest == .string(Digest(of: bytes).description) else {
      throw Failure(
        .data, at: "\(folder)/\(file)", "the codec of the corpus expected, found another",
        advice: "The file was changed.")
    }
    return bytes
  }
}

extension TokenCodec {
  /// Whether every text has the same ids. What a tokenizer puts around a text, and how it decodes, does not matter.
  fileprivate func hasSameIDs(as other: TokenCodec) -> Bool {
    guard case .subwords(let one) = self, case .subwords(let two) = other else { return self == other }
    return one.model == two.model && one.normalizer == two.normalizer && one.preTokenizer == two.preTokenizer
      && one.addedTokens == two.addedTokens
  }
}
