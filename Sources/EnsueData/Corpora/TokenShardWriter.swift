// A shard being written: ids go to the file as they come, the header at the end.

import EnsueFiles

/// Writes one shard; the file appears under its name when `finish` succeeds.
struct TokenShardWriter: ~Copyable {
  private(set) var tokenCount = 0
  private let vocabularySize: Int
  private let firstToken: Int
  private let bitsPerID: Int
  private var documentStarts: [UInt32] = []
  private var buffer: [UInt8] = []
  private var digest: IncrementalDigest
  private var file: OutputFile

  private static let bufferSize = 1 << 18

  init(_ path: String, vocabularySize: Int, firstToken: Int) throws {
    var file = try OutputFile(path)
    try file.write([UInt8](repeating: 0, count: TokenShardHeader.byteCount))
    (self.vocabularySize, self.firstToken) = (vocabularySize, firstToken)
    bitsPerID = TokenShardHeader.bitsPerID(vocabularySize: vocabularySize)
    digest = IncrementalDigest()
    self.file = file
    buffer.reserveCapacity(TokenShardWriter.bufferSize + 4)
  }

  /// Notes that a document begins with the next id.
  mutating func beginDocument() { documentStarts.append(UInt32(tokenCount)) }

  /// - Precondition: ids below the size of the vocabulary.
  mutating func append(_ ids: ArraySlice<Int32>) throws {
    for id in ids {
      if bitsPerID == 16 {
        buffer.appendLittleEndian(UInt16(truncatingIfNeeded: id))
      } else {
        buffer.appendLittleEndian(UInt32(bitPattern: id))
      }
      if buffer.count >= TokenShardWriter.bufferSize { try flush() }
    }
    tokenCount += ids.count
  }

  /// Completes the file.
  consuming func finish() throws -> TokenShardHeader {
    while buffer.count % 4 != 0 { buffer.append(0) }
    for start in documentStarts { buffer.appendLittleEndian(start) }
    try flush()
    let header = TokenShardHeader(
      vocabularySize: vocabularySize, firstToken: firstToken, tokenCount: tokenCount,
      documentCount: documentStarts.count, bodyDigest: digest.digest)
    try file.overwrite(header.bytes, at: 0)
    try file.commit()
    return header
  }

  private mutating func flush() throws {
    digest.append(buffer)
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
