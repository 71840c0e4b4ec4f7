// A text file of any size in parts of a few megabytes.

import EnsueFiles

/// Reads a file in parts that are cut where they may be.
struct TextPieceReader: ~Copyable {
  /// Bytes of a part, where a cut is found.
  static let defaultPieceSize = 1 << 22
  /// The longest part: what has no place for a cut for so long is no text.
  static let defaultLimit = 1 << 28

  private let file: InputFile
  private let cut: TextCutKind
  private let isText: Bool
  private let pieceSize: Int
  private let limit: Int
  private var offset: Int
  /// Read, and not given out.
  private var pending: [UInt8] = []
  private var digest: IncrementalDigest
  private var line = 1

  /// - Parameter isText: whether what is no UTF-8 is refused; otherwise any bytes will do.
  init(
    _ path: String, cut: TextCutKind, isText: Bool, pieceSize: Int = TextPieceReader.defaultPieceSize,
    limit: Int = TextPieceReader.defaultLimit
  ) throws {
    let file = try InputFile(path)
    let start = try file.bytes(at: 0, count: min(4, file.size))
    var digest = IncrementalDigest()
    if isText { try SourceText.refuseForeignForms(start, path: path) }
    let mark = isText && start.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    digest.append(Array(start.prefix(mark)))
    (self.cut, self.isText, self.pieceSize, self.limit) = (cut, isText, pieceSize, limit)
    offset = mark
    self.file = file
    self.digest = digest
  }

  /// Where the bytes come from and how many they are.
  var size: Int { file.size }

  /// The file as it was read; call it at its end.
  var source: SourceFile { SourceFile(path: file.path, bytes: file.size, digest: digest.digest) }

  /// The next part: never empty, and nil at the end.
  /// - Throws: `Failure` of kind `data` where it is no text, or where there is no place for a cut.
  mutating func next() throws -> [UInt8]? {
    var wanted = pieceSize
    while true {
      try fill(to: wanted)
      if pending.isEmpty { return nil }
      let end = offset == file.size ? pending.count : cut.last(in: pending)
      if let end {
        let piece = Array(pending.prefix(end))
        pending.removeFirst(end)
        if isText { try check(piece) }
        return piece
      }
      guard wanted < limit else {
        throw Failure(
          .data, at: "\(file.path):\(line)", "a place to cut the text in every \(limit) bytes expected, found none",
          advice: "Break the text into lines or documents.")
      }
      wanted *= 2
    }
  }

  private mutating func fill(to count: Int) throws {
    let missing = min(count - pending.count, file.size - offset)
    guard missing > 0 else { return }
    let bytes = try file.bytes(at: offset, count: missing)
    digest.append(bytes)
    offset += missing
    pending.append(contentsOf: bytes)
  }

  private mutating func check(_ piece: [UInt8]) throws {
    let bad = piece.firstIndex(of: 0) ?? UTF8Check.firstInvalid(in: piece, from: 0)?.lowerBound
    if let bad {
      let place = "\(file.path):\(line + TextPieceReader.lineFeeds(in: piece[..<bad]))"
      let digits = String(piece[bad], radix: 16, uppercase: true)
      throw Failure(
        .data, at: place, "UTF-8 text expected, found the byte 0x\(digits)",
        advice: "Convert the file first, or read it with --level bytes.")
    }
    line += TextPieceReader.lineFeeds(in: piece[...])
  }

  private static func lineFeeds(in bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
  }
}
