// A text of any length in pieces of whole lines: what does not fit into memory can be counted.

import EnsueFiles

/// Reads a file or standard input piece by piece: valid UTF-8 without byte order mark and without NUL bytes, as
/// `SourceText` has it.
public struct TextPieces: ~Copyable {
  /// Bytes that were not UTF-8 and became U+FFFD.
  public private(set) var replacedBytes = 0

  private var input: SequentialInput
  private let badBytes: BadBytePolicy
  private var buffer: [UInt8] = []
  private var lines = 0

  /// Bytes read at once, at most. A piece has as many lines as have come.
  private static let readSize = 1 << 20
  /// A line longer than this comes in several pieces, cut at a space where there is one.
  public static let longestLine = 1 << 24

  /// - Throws: `Failure` when there is no such file.
  public init(_ path: String, badBytes: BadBytePolicy = .reject) throws {
    self.badBytes = badBytes
    input = try SequentialInput(path)
  }

  /// For messages; `standard input` where the path is `-`.
  public var path: String { input.path }

  /// The next lines with their ends (LF or CRLF as they are); nil at the end.
  /// - Throws: `Failure` when reading fails, and for UTF-16, compressed files, NUL bytes, and, unless they are to be
  ///   replaced, bytes that are not UTF-8.
  public mutating func next() throws -> [UInt8]? {
    var searched = 0
    while true {
      if let end = buffer[searched...].lastIndex(of: UInt8(ascii: "\n")) { return try piece(end + 1) }
      searched = buffer.count
      if input.isAtEnd { return buffer.isEmpty ? nil : try piece(buffer.count) }
      if buffer.count >= TextPieces.longestLine { return try piece(cut()) }
      try fill()
    }
  }

  /// Takes what has arrived: whoever types a line, or writes one into a pipe, may wait for the answer. What is no line
  /// yet has the bytes at least that tell the form of a file.
  private mutating func fill() throws {
    let isFirst = input.count == 0
    var filled = 0
    while filled < 4, !buffer.suffix(filled).contains(UInt8(ascii: "\n")), !input.isAtEnd {
      let more = try input.next(TextPieces.readSize)
      buffer += more
      filled += more.count
    }
    guard isFirst else { return }
    if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { buffer.removeFirst(3) }
    try SourceText.refuseForeignForms(buffer, path: path)
  }

  /// Where a line that is too long is cut: after its last space, else before its last character.
  private func cut() -> Int {
    if let space = buffer.lastIndex(of: UInt8(ascii: " ")), space > buffer.count / 2 { return space + 1 }
    return buffer.lastIndex { $0 & 0xC0 != 0x80 }.flatMap { $0 > 0 ? $0 : nil } ?? buffer.count
  }

  /// The first bytes, checked.
  private mutating func piece(_ count: Int) throws -> [UInt8] {
    var text = Array(buffer.prefix(count))
    buffer.removeFirst(count)
    if let position = text.firstIndex(of: 0) {
      throw Failure(
        .data, at: place(of: position, in: text), "text expected, found a NUL byte",
        advice: "The file may be UTF-16, or not text at all.")
    }
    if let bad = UTF8Check.firstInvalid(in: text, from: 0) {
      guard badBytes == .replace else {
        let digits = String(text[bad.lowerBound], radix: 16, uppercase: true)
        throw Failure(
          .data, at: place(of: bad.lowerBound, in: text), "UTF-8 text expected, found the byte 0x\(digits)",
          advice: "Convert the file, or allow --bad-bytes replace.")
      }
      let (replaced, count) = SourceText.replacing(from: bad, in: text)
      text = replaced
      replacedBytes += count
    }
    lines += text.count { $0 == UInt8(ascii: "\n") }
    return text
  }

  private func place(of position: Int, in text: [UInt8]) -> String {
    "\(path):\(lines + 1 + text[..<position].count { $0 == UInt8(ascii: "\n") })"
  }
}
