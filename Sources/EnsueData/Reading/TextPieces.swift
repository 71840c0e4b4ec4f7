// A text of any length in pieces of whole lines: what does not fit into memory can be counted.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads a file or standard input piece by piece: valid UTF-8 without byte order mark and without NUL bytes, as
/// `SourceText` has it.
public struct TextPieces: ~Copyable {
  /// For messages; `standard input` where the path is `-`.
  public let path: String
  /// Bytes read, and how many of them were not UTF-8 and became U+FFFD.
  public private(set) var bytes = 0
  public private(set) var replacedBytes = 0

  /// nil for standard input.
  private let file: OpenFile?
  private let badBytes: BadBytePolicy
  private var buffer: [UInt8] = []
  private var isAtEnd = false
  private var lines = 0

  /// An optional cannot lend what cannot be copied; a reference can.
  private final class OpenFile {
    let content: InputFile

    init(_ content: consuming InputFile) { self.content = content }
  }

  /// Bytes read at once, at most. A piece has as many lines as have come.
  private static let readSize = 1 << 20
  /// The same of standard input: what a pipe holds.
  private static let pipeSize = 1 << 16
  /// A line longer than this comes in several pieces, cut at a space where there is one.
  public static let longestLine = 1 << 24

  /// - Throws: `Failure` when there is no such file.
  public init(_ path: String, badBytes: BadBytePolicy = .reject) throws {
    self.path = path == "-" ? "standard input" : path
    self.badBytes = badBytes
    file = path == "-" ? nil : OpenFile(try InputFile(path))
  }

  /// The next lines with their ends (LF or CRLF as they are); nil at the end.
  /// - Throws: `Failure` when reading fails, and for UTF-16, compressed files, NUL bytes, and, unless they are to be
  ///   replaced, bytes that are not UTF-8.
  public mutating func next() throws -> [UInt8]? {
    var searched = 0
    while true {
      if let end = buffer[searched...].lastIndex(of: UInt8(ascii: "\n")) { return try piece(end + 1) }
      searched = buffer.count
      if isAtEnd { return buffer.isEmpty ? nil : try piece(buffer.count) }
      if buffer.count >= TextPieces.longestLine { return try piece(cut()) }
      try fill()
    }
  }

  private mutating func fill() throws {
    let isFirst = bytes == 0
    if let file {
      let count = min(TextPieces.readSize, file.content.size - bytes)
      buffer += try file.content.bytes(at: bytes, count: count)
      bytes += count
      isAtEnd = bytes >= file.content.size
    } else {
      try fillFromStandardInput()
    }
    if isFirst, buffer.starts(with: [0xEF, 0xBB, 0xBF]) { buffer.removeFirst(3) }
    if isFirst { try refuseForeignForms() }
  }

  /// Takes what has arrived: whoever types a line, or writes one into a pipe, may wait for the answer. What is no line
  /// yet has the bytes at least that tell the form of a file.
  private mutating func fillFromStandardInput() throws {
    var more = [UInt8](repeating: 0, count: TextPieces.pipeSize)
    var filled = 0
    while filled < 4, !more[..<filled].contains(UInt8(ascii: "\n")), !isAtEnd {
      let count = more.withUnsafeMutableBytes {
        read(STDIN_FILENO, $0.baseAddress.map { $0 + filled }, $0.count - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Failure.system(.inputOutput, at: path, "reading failed") }
      isAtEnd = count == 0
      filled += count
    }
    buffer += more.prefix(filled)
    bytes += filled
  }

  private func refuseForeignForms() throws {
    if buffer.starts(with: [0xFF, 0xFE]) || buffer.starts(with: [0xFE, 0xFF]) {
      throw Failure(
        .data, at: path, "UTF-8 text expected, found a UTF-16 byte order mark",
        advice: "Convert the file first, for example with iconv -f UTF-16 -t UTF-8.")
    }
    if buffer.starts(with: [0x1F, 0x8B]) || buffer.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      throw Failure(.data, at: path, "text expected, found a compressed file", advice: "Unpack it first.")
    }
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
      replace(from: bad, in: &text)
    }
    lines += text.count { $0 == UInt8(ascii: "\n") }
    return text
  }

  private func place(of position: Int, in text: [UInt8]) -> String {
    "\(path):\(lines + 1 + text[..<position].count { $0 == UInt8(ascii: "\n") })"
  }

  private mutating func replace(from first: Range<Int>, in text: inout [UInt8]) {
    var result: [UInt8] = []
    var copied = 0
    var bad: Range<Int>? = first
    while let part = bad {
      result += text[copied..<part.lowerBound]
      result += [0xEF, 0xBF, 0xBD]
      replacedBytes += part.count
      copied = part.upperBound
      bad = UTF8Check.firstInvalid(in: text, from: copied)
    }
    text = result + text[copied...]
  }
}
