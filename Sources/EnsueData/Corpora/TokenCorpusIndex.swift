// What a corpus folder says about itself: corpus.json beside the shards.

import EnsueFiles

/// The index of a corpus.
public struct TokenCorpusIndex: Sendable, Equatable {
  /// A shard of the corpus.
  public struct Shard: Sendable, Equatable {
    /// The name of the file in the folder.
    public let file: String
    public let tokenCount: Int
    public let documentCount: Int
    /// The digest of the shard's header, which holds that of its content.
    public let digest: Digest
  }

  static let fileName = "corpus.json"
  private static let formatName = "ensue-corpus"
  private static let version = 1

  public let vocabularySize: Int
  /// How text became ids, such as the level and how documents were told apart: names and values, as they were given.
  public let properties: JSONObject
  /// What was read.
  public let sources: [SourceFile]
  public let shards: [Shard]
  /// The length of the text that became the ids; nil where nobody has counted, as in older corpora.
  public let text: TextLength?

  public var tokenCount: Int { shards.reduce(0) { $0 + $1.tokenCount } }
  public var documentCount: Int { shards.reduce(0) { $0 + $1.documentCount } }

  /// Names the ids, how they are spread over shards, and the vocabulary's size.
  public var digest: Digest {
    Digest(of: Array("\(vocabularySize)|\(shards.map(\.digest.description).joined(separator: "|"))".utf8))
  }

  public init(
    vocabularySize: Int, properties: JSONObject, sources: [SourceFile], shards: [Shard], text: TextLength? = nil
  ) {
    (self.vocabularySize, self.properties, self.sources, self.shards) = (vocabularySize, properties, sources, shards)
    self.text = text
  }

  /// The name of a shard's file.
  static func shardName(_ number: Int) -> String {
    let digits = String(number)
    return "shard-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".tokens"
  }

  /// The index as it is written. The last member names the others.
  public var json: JSONValue {
    var object = content
    object["indexDigest"] = .string(Digest(of: Array(JSONValue.object(content).description.utf8)).description)
    return .object(object)
  }

  private var content: JSONObject {
    var object: JSONObject = [
      "format": .string(TokenCorpusIndex.formatName), "version": .number(TokenCorpusIndex.version),
      "vocabularySize": .number(vocabularySize), "tokens": .number(tokenCount), "documents": .number(documentCount),
      "digest": .string(digest.description), "properties": .object(properties),
      "sources": .array(sources.map(\.json)),
      "shards": .array(
        shards.map {
          .object([
            "file": .string($0.file), "tokens": .number($0.tokenCount), "documents": .number($0.documentCount),
            "digest": .string($0.digest.description),
          ])
        }),
    ]
    if let text { object["text"] = text.json }
    return object
  }
}

extension TokenCorpusIndex {
  /// Reads the index of a folder.
  /// - Throws: `Failure` of kind `missing` or `data`.
  init(folder: String) throws {
    let path = "\(folder)/\(TokenCorpusIndex.fileName)"
    guard InputFile.exists(path) else {
      throw Failure(
        .missing, at: folder, "a folder with \(TokenCorpusIndex.fileName) expected, found none",
        advice: "Make one with: ensue corpus build")
    }
    guard case .object(let object) = try JSONValue.contents(of: path),
      object["format"] == .string(TokenCorpusIndex.formatName)
    else { throw Failure(.data, at: path, "the index of a corpus expected, found another file") }
    guard object["version"] == .number(TokenCorpusIndex.version) else {
      let found = object["version"]?.description ?? "none"
      throw Failure(.data, at: path, "version \(TokenCorpusIndex.version) expected, found \(Failure.shown(found))")
    }
    let damaged = Failure(
      .data, at: path, "an index that fits its digest expected", advice: "The file is damaged or was edited.")
    guard let size = object["vocabularySize"]?.integerValue,
      (1...TokenShardHeader.vocabularyLimit).contains(size), let properties = object["properties"]?.objectValue,
      let sources = object["sources"]?.arrayValue, let shards = object["shards"]?.arrayValue
    else { throw damaged }
    try self.init(
      vocabularySize: size, properties: properties,
      sources: sources.map { value in
        guard let source = SourceFile(value) else { throw damaged }
        return source
      },
      shards: shards.map { value in
        guard let shard = Shard(value) else { throw damaged }
        return shard
      },
      text: object["text"].map { value in
        guard let text = TextLength(value) else { throw damaged }
        return text
      })
    // Written again, it must come to the same text: this holds every member, the digests and the sums.
    guard json == .object(object) else { throw damaged }
  }
}

extension TokenCorpusIndex.Shard {
  fileprivate init?(_ value: JSONValue) {
    guard let object = value.objectValue, let file = object["file"]?.stringValue,
      !file.utf8.contains(UInt8(ascii: "/")), let tokens = object["tokens"]?.integerValue,
      (0...TokenShardHeader.tokenLimit).contains(tokens), let documents = object["documents"]?.integerValue,
      (0...tokens).contains(documents), let digest = object["digest"]?.stringValue.flatMap({ Digest($0) })
    else { return nil }
    self.init(file: file, tokenCount: tokens, documentCount: documents, digest: digest)
  }
}

extension SourceFile {
  fileprivate init?(_ value: JSONValue) {
    guard let object = value.objectValue, let path = object["path"]?.stringValue,
      let bytes = object["bytes"]?.integerValue, let digest = object["digest"]?.stringValue.flatMap({ Digest($0) })
    else { return nil }
    self.init(path: path, bytes: bytes, digest: digest)
  }
}
