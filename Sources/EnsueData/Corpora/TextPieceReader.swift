// A text file of any size in parts of a few megabytes.

import EnsueFiles

/// Reads a file in parts that are cut where they may be.
struct TextPieceReader: ~Copyable {
  /// Bytes of a part, where a cut is found.
  static let defaultPieceSize = 1 << 22
  /// The longest part: what has no place for a cut for so long is no text.
  static let defaultLimit = 1 << 28

  private var input: SequentialInput
  private let cut: TextCutKind
  private let form: TextForm?
  private let pieceSize: Int
  private let limit: Int
  /// Read, and not given out.
  private var pending: [UInt8] = []
  private var digest = IncrementalDigest()
  private var line = 1
  /// Bytes that were not UTF-8 and became U+FFFD.
  private(set) var replacedBytes = 0

  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - form: nil where any bytes will do.
  init(
    _ path: String, cut: TextCutKind, form: TextForm?, pieceSize: Int = TextPieceReader.defaultPieceSize,
    limit: Int = TextPieceReader.defaultLimit
  ) throws {
    (self.cut, self.form, self.pieceSize, self.limit) = (cut, form, pieceSize, limit)
    input = try SequentialInput(path)
  }

  /// The file as it was read; call it at its end.
  var source: SourceFile { SourceFile(path: input.path, bytes: input.count, digest: digest.digest) }

  /// The next part: never empty, and nil at the end.
  /// - Throws: `Failure` of kind `data` where it is no text, or where there is no place for a cut.
  mutating func next() throws -> [UInt8]? {
    var wanted = pieceSize
    while true {
      try fill(to: wanted)
      if pending.isEmpty { return nil }
      let end = input.isAtEnd ? pending.count : cut.last(in: pending)
      if let end {
        let piece = Array(pending.prefix(end))
        pending.removeFirst(end)
        return try text(piece)
      }
      guard wanted < limit else {
        throw Failure(
          .data, at: "\(input.path):\(line)", "a place to cut the text in every \(limit) bytes expected, found none",
          advice: "Break the text into lines or documents.")
      }
      wanted *= 2
    }
  }

  private mutating func fill(to count: Int) throws {
    while pending.count < count, !input.isAtEnd {
      let isFirst = input.count == 0
      var bytes = try input.next(count - pending.count)
      // The first ones tell the form of a file.
      while isFirst, bytes.count < 4, !input.isAtEnd { bytes += try input.next(4 - bytes.count) }
      digest.append(bytes)
      if let form {
        if isFirst { try SourceText.refuseForeignForms(bytes, path: input.path) }
        switch form.encoding {
        case .utf8: if isFirst, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        case .latin1: bytes = SourceText.fromLatin1(bytes)
        }
      }
      pending += bytes
    }
  }

  /// A part as text. A cut never parts the bytes that one U+FFFD stands for: it is before a byte that begins something.
  private mutating func text(_ piece: [UInt8]) throws -> [UInt8] {
    guard let form else { return piece }
    let (nul, invalid) = (piece.firstIndex(of: 0), UTF8Check.firstInvalid(in: piece, from: 0))
    if nul == nil, let invalid, form.badBytes == .replace {
      let (text, count) = SourceText.replacing(from: invalid, in: piece)
      replacedBytes += count
      line += TextPieceReader.lineFeeds(in: text[...])
      return text
    }
    if let bad = nul ?? invalid?.lowerBound {
      let place = "\(input.path):\(line + TextPieceReader.lineFeeds(in: piece[..<bad]))"
      let digits = String(piece[bad], radix: 16, uppercase: true)
      throw Failure(
        .data, at: place, "UTF-8 text expected, found the byte 0x\(digits)",
        advice: "If it is Latin-1, add --encoding latin1; or allow --bad-bytes replace, or take --level bytes.")
    }
    line += TextPieceReader.lineFeeds(in: piece[...])
    return piece
  }

  private static func lineFeeds(in bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
  }
}
