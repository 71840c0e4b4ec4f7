// The first bytes of a shard: a file of token ids.
//
//   byte   0  magic "ENSUETOK"
//          8  version (32 bits)                 12  bits of an id: 16 or 32 (32 bits)
//         16  size of the vocabulary            24  position in the corpus of the first id
//         32  number of ids                     40  number of documents that begin here
//         48  digest of what follows the header (XXH3, 128 bits: low, high)
//         64  digest of the bytes before this one (low, high)
//         80  the ids, filled up with zeros to a multiple of 4 bytes
//             where documents begin, counted from the shard's first id (32 bits each)
//
// All numbers are little-endian and without sign, and of 64 bits where nothing is said.

import EnsueFiles

/// What the header of a shard says.
struct TokenShardHeader: Sendable, Equatable {
  static let magic = Array("ENSUETOK".utf8)
  static let version: UInt32 = 1
  static let byteCount = 80
  /// The most ids of a shard: places in it fit into 32 bits.
  static let tokenLimit = 1 << 30
  /// The largest vocabulary: ids are 32-bit integers of which the upper half is not used.
  static let vocabularyLimit = 1 << 31

  let vocabularySize: Int
  /// The position in the corpus of the shard's first id.
  let firstToken: Int
  let tokenCount: Int
  let documentCount: Int
  let bodyDigest: Digest

  /// Bits of an id in a file: 16 where every id fits.
  static func bitsPerID(vocabularySize: Int) -> Int { vocabularySize <= 1 << 16 ? 16 : 32 }

  var bitsPerID: Int { TokenShardHeader.bitsPerID(vocabularySize: vocabularySize) }
  /// Bytes of all ids, without what fills them up.
  var idByteCount: Int { tokenCount * (bitsPerID / 8) }
  /// Where the places of documents begin in the file.
  var documentsOffset: Int { TokenShardHeader.byteCount + (idByteCount + 3) / 4 * 4 }
  /// The size of the whole file.
  var fileSize: Int { documentsOffset + 4 * documentCount }

  /// The header as it is written; its last 16 bytes name it and all it stands for.
  var bytes: [UInt8] {
    var bytes = TokenShardHeader.magic
    bytes.appendLittleEndian(TokenShardHeader.version)
    bytes.appendLittleEndian(UInt32(bitsPerID))
    for number in [vocabularySize, firstToken, tokenCount, documentCount] { bytes.appendLittleEndian(UInt64(number)) }
    bytes.appendLittleEndian(bodyDigest)
    bytes.appendLittleEndian(Digest(of: bytes))
    return bytes
  }

  /// Names the shard: the digest of its header, which holds that of its content.
  var digest: Digest { Digest(of: Array(bytes.prefix(64))) }
}

extension TokenShardHeader {
  /// Reads a header.
  /// - Parameters:
  ///   - bytes: the first `byteCount` bytes of the file, or all where it has fewer.
  ///   - path: for messages.
  /// - Throws: `Failure` of kind `data`.
  init(_ bytes: [UInt8], fileSize: Int, path: String) throws {
    guard bytes.starts(with: TokenShardHeader.magic.prefix(bytes.count)), !bytes.isEmpty else {
      throw Failure(
        .data, at: path, "a shard of token ids expected, found \(bytes.isEmpty ? "an empty file" : "another file")",
        advice: "Make one with: ensue corpus build")
    }
    guard bytes.count == TokenShardHeader.byteCount else {
      throw Failure(
        .data, at: path, "a header of \(TokenShardHeader.byteCount) bytes expected, found \(bytes.count)",
        advice: "The file was cut short.")
    }
    let version = UInt32(truncatingIfNeeded: bytes.littleEndian(at: 8, byteCount: 4))
    guard version == TokenShardHeader.version else {
      throw Failure(.data, at: path, "version \(TokenShardHeader.version) expected, found \(version)")
    }
    guard bytes.digest(at: 64) == Digest(of: Array(bytes.prefix(64))) else {
      throw Failure(.data, at: path, "a header that fits its digest expected", advice: "The file is damaged.")
    }
    // What follows was written like this, unless by a program with a fault of its own.
    let bits = bytes.littleEndian(at: 12, byteCount: 4)
    let numbers = (0..<4).map { bytes.littleEndian(at: 16 + 8 * $0, byteCount: 8) }
    guard (1...UInt64(TokenShardHeader.vocabularyLimit)).contains(numbers[0]), numbers[1] < 1 << 62,
      numbers[2] <= TokenShardHeader.tokenLimit, numbers[3] <= numbers[2],
      bits == TokenShardHeader.bitsPerID(vocabularySize: Int(numbers[0]))
    else {
      throw Failure(
        .data, at: path,
        "a shard of at most \(TokenShardHeader.tokenLimit) ids expected, found a header with"
          + " vocabulary \(numbers[0]), \(bits) bits, \(numbers[2]) ids and \(numbers[3]) documents")
    }
    (vocabularySize, firstToken, tokenCount, documentCount) =
      (Int(numbers[0]), Int(numbers[1]), Int(numbers[2]), Int(numbers[3]))
    bodyDigest = bytes.digest(at: 48)
    guard fileSize == self.fileSize else {
      throw Failure(
        .data, at: path, "\(self.fileSize) bytes expected, found \(fileSize)",
        advice: fileSize < self.fileSize ? "The file was cut short." : "Something was added to the file.")
    }
  }
}
