// A file of token ids, read by position. Files are read with `pread`, never mapped: a corpus needs no room in the
// address space, the system keeps in memory what is read often, and a file that another process cuts gives an error.

import EnsueFiles

/// An open shard. Its content was checked when it was opened.
final class TokenShard: Sendable {
  let header: TokenShardHeader
  /// Where documents begin, counted from the shard's first id.
  let documentStarts: [UInt32]
  private let file: InputFile

  private static let pieceSize = 1 << 20

  /// Opens a shard and reads it twice, to check its digest and then its ids.
  /// - Throws: `Failure` of kind `missing`, `data` or `inputOutput`.
  init(_ path: String) throws {
    let file = try InputFile(path)
    let start = try file.bytes(at: 0, count: min(TokenShardHeader.byteCount, file.size))
    header = try TokenShardHeader(start, fileSize: file.size, path: path)
    documentStarts = try TokenShard.checkedDocuments(header, file)
    self.file = file
    try checkIDs()
  }

  /// The ids at some positions of the shard.
  /// - Throws: `Failure` where the file no longer gives what it held.
  func read(_ range: Range<Int>, into ids: UnsafeMutableBufferPointer<Int32>) throws {
    precondition(range.lowerBound >= 0 && range.upperBound <= header.tokenCount && ids.count == range.count)
    let size = header.bitsPerID / 8
    let pieceCount = TokenShard.pieceSize / size
    for start in stride(from: range.lowerBound, to: range.upperBound, by: pieceCount) {
      let count = min(pieceCount, range.upperBound - start)
      try withUnsafeTemporaryAllocation(byteCount: count * size, alignment: 8) { bytes in
        try file.read(into: bytes, at: TokenShardHeader.byteCount + start * size)
        let place = start - range.lowerBound
        let part = UnsafeMutableBufferPointer(rebasing: ids[place..<place + count])
        if size == 2 {
          TokenShard.convert(bytes.bindMemory(to: UInt16.self), into: part)
        } else {
          TokenShard.convert(bytes.bindMemory(to: UInt32.self), into: part)
        }
        try check(part, from: start)
      }
    }
  }

  private static func convert<Word: FixedWidthInteger & UnsignedInteger>(
    _ words: UnsafeMutableBufferPointer<Word>, into ids: UnsafeMutableBufferPointer<Int32>
  ) {
    for (index, word) in words.enumerated() {
      ids[index] = Int32(truncatingIfNeeded: Word(littleEndian: word))
    }
  }

  private func check(_ ids: UnsafeMutableBufferPointer<Int32>, from start: Int) throws {
    // Ids of 2^31 and more have become negative; as unsigned numbers they are too large.
    let largest = ids.reduce(0) { max($0, UInt32(bitPattern: $1)) }
    if largest < header.vocabularySize { return }
    let place = ids.firstIndex { UInt32(bitPattern: $0) == largest } ?? 0
    throw Failure(
      .data, at: file.path,
      "ids below \(header.vocabularySize) expected, found \(largest) as number \(start + place)",
      advice: "The file was made for another vocabulary, or is damaged.")
  }

  /// Reads all ids, for their digest and then themselves: are they what was written, and below the vocabulary's size?
  private func checkIDs() throws {
    var digest = IncrementalDigest()
    let end = header.fileSize
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: TokenShard.pieceSize, alignment: 64)
    defer { piece.deallocate() }
    for offset in stride(from: TokenShardHeader.byteCount, to: end, by: piece.count) {
      let part = UnsafeMutableRawBufferPointer(rebasing: piece[0..<min(piece.count, end - offset)])
      try file.read(into: part, at: offset)
      digest.append(UnsafeRawBufferPointer(part))
    }
    guard digest.digest == header.bodyDigest else {
      throw Failure(
        .data, at: file.path, "content with the digest \(header.bodyDigest) expected, found \(digest.digest)",
        advice: "The file is damaged.")
    }
    let ids = UnsafeMutableBufferPointer<Int32>.allocate(capacity: TokenShard.pieceSize / 4)
    defer { ids.deallocate() }
    for start in stride(from: 0, to: header.tokenCount, by: ids.count) {
      let end = min(start + ids.count, header.tokenCount)
      try read(start..<end, into: UnsafeMutableBufferPointer(rebasing: ids[0..<end - start]))
    }
  }

  private static func checkedDocuments(_ header: TokenShardHeader, _ file: borrowing InputFile) throws -> [UInt32] {
    let bytes = try file.bytes(at: header.documentsOffset, count: 4 * header.documentCount)
    let starts = bytes.withUnsafeBytes { buffer in
      (0..<header.documentCount).map {
        UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
      }
    }
    guard zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }), starts.last.map({ $0 < header.tokenCount }) ?? true
    else {
      throw Failure(
        .data, at: file.path, "rising places of documents below \(header.tokenCount) expected, found others",
        advice: "The file is damaged.")
    }
    return starts
  }
}
