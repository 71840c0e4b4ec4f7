// Ids to shards, as they come. Memory does not grow with the text but for 4 bytes a document of the current shard.

import EnsueFiles

/// Writes a corpus folder.
///
/// Shards appear whole or not at all, and the index after all of them: a folder without `corpus.json` is no corpus.
/// A writer that is given up removes what it wrote; what a killed process left is removed by the next one.
public struct TokenCorpusWriter: ~Copyable {
  /// Ids of a shard where nothing else is asked for: 128 or 256 MiB.
  public static let defaultShardTokens = 1 << 26

  public let folder: String
  public let vocabularySize: Int
  public private(set) var tokenCount = 0
  public private(set) var documentCount = 0
  private let shardTokens: Int
  private var properties: JSONObject
  private let existed: Bool
  private let lock: FolderLock
  private var shard: TokenShardWriter?
  private var shards: [TokenCorpusIndex.Shard] = []
  private var beginsDocument = true
  private var sources: [SourceFile] = []
  private var isFinished = false

  /// Starts a corpus.
  /// - Parameters:
  ///   - folder: made where there is none; must hold no corpus.
  ///   - shardTokens: the most ids of a shard, 1...2³⁰.
  ///   - properties: kept in the index: how text became ids.
  /// - Throws: `Failure` of kind `cannotCreate` or `inputOutput`.
  public init(
    _ folder: String, vocabularySize: Int, shardTokens: Int = TokenCorpusWriter.defaultShardTokens,
    properties: JSONObject = [:]
  ) throws {
    precondition(
      (1...TokenShardHeader.tokenLimit).contains(shardTokens)
        && (1...TokenShardHeader.vocabularyLimit).contains(vocabularySize),
      "shards of \(shardTokens) ids below \(vocabularySize)")
    guard !InputFile.exists("\(folder)/\(TokenCorpusIndex.fileName)") else {
      throw Failure(
        .cannotCreate, at: folder, "a new folder expected, found a corpus", advice: "Choose another, or remove it.")
    }
    let existed = InputFile.exists(folder)
    try OutputFile.createDirectory(folder)
    let lock = try FolderLock(folder)
    try TokenCorpusWriter.removeShards(in: folder)
    self.init(folder, vocabularySize, shardTokens, properties, existed: existed, lock)
  }

  private init(
    _ folder: String, _ vocabularySize: Int, _ shardTokens: Int, _ properties: JSONObject, existed: Bool,
    _ lock: consuming FolderLock
  ) {
    (self.folder, self.vocabularySize, self.shardTokens) = (folder, vocabularySize, shardTokens)
    (self.properties, self.existed) = (properties, existed)
    self.lock = lock
  }

  deinit {
    if isFinished { return }
    // The first error is the one to tell.
    try? TokenCorpusWriter.removeShards(in: folder)
    try? OutputFile.remove("\(folder)/.lock")
    if !existed { try? OutputFile.removeEmptyDirectory(folder) }
  }

  /// Appends ids to the current document.
  /// - Throws: `Failure` of kind `data` for an id outside the vocabulary, `inputOutput` where the disk is full.
  public mutating func append(_ ids: [Int32]) throws {
    if let wrong = ids.first(where: { $0 < 0 || Int($0) >= vocabularySize }) {
      throw Failure(.data, at: folder, "ids below \(vocabularySize) expected, found \(wrong)")
    }
    var rest = ids[...]
    while !rest.isEmpty {
      if shard == nil {
        shard = try TokenShardWriter(
          "\(folder)/\(TokenCorpusIndex.shardName(shards.count))", vocabularySize: vocabularySize,
          firstToken: tokenCount)
      }
      if beginsDocument {
        shard?.beginDocument()
        documentCount += 1
        beginsDocument = false
      }
      let part = rest.prefix(shardTokens - (shard?.tokenCount ?? 0))
      try shard?.append(part)
      tokenCount += part.count
      rest = rest.dropFirst(part.count)
      if shard?.tokenCount == shardTokens { try finishShard() }
    }
  }

  /// Ends the current document; one without ids is none.
  public mutating func endDocument() { beginsDocument = true }

  /// Adds to what the index keeps.
  mutating func addProperty(_ name: String, _ value: JSONValue) { properties[name] = value }

  /// Notes a file that was read.
  public mutating func addSource(_ file: SourceFile) { sources.append(file) }

  /// Completes the corpus.
  /// - Parameters:
  ///   - attachments: files to lie beside the shards, such as the tokenizer's.
  ///   - text: the length of the text of all ids; nil where it is not known.
  /// - Throws: `Failure` of kind `data` where it has no ids.
  public consuming func finish(
    attachments: [(name: String, text: String)] = [], text: TextLength? = nil
  ) throws -> TokenCorpusIndex {
    try finishShard()
    guard tokenCount > 0 else {
      throw Failure(
        .data, at: sources.first?.path ?? folder, "a text expected, found nothing to make ids of")
    }
    for (name, text) in attachments { try OutputFile.write(text, to: "\(folder)/\(name)") }
    let index = TokenCorpusIndex(
      vocabularySize: vocabularySize, properties: properties, sources: sources, shards: shards, text: text)
    try OutputFile.write(index.json.indented, to: "\(folder)/\(TokenCorpusIndex.fileName)")
    isFinished = true
    return index
  }

  private mutating func finishShard() throws {
    guard let writer = shard.take() else { return }
    let header = try writer.finish()
    shards.append(
      TokenCorpusIndex.Shard(
        file: TokenCorpusIndex.shardName(shards.count), tokenCount: header.tokenCount,
        documentCount: header.documentCount, digest: header.digest))
  }

  private static func removeShards(in folder: String) throws {
    try OutputFile.removeUnfinished(in: folder)
    for name in try InputFile.names(in: folder) where name.hasPrefix("shard-") && name.hasSuffix(".tokens") {
      try OutputFile.remove("\(folder)/\(name)")
    }
  }
}
