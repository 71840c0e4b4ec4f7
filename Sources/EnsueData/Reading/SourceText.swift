// A whole file as valid UTF-8: encodings, byte order marks and bad bytes end here, so that readers only see text.

import EnsueFiles

/// The text of a file: valid UTF-8 without byte order mark and without NUL bytes.
public struct SourceText: Sendable {
  public let file: SourceFile
  public let bytes: [UInt8]
  /// Bytes that were not UTF-8 and became U+FFFD.
  public let replacedBytes: Int

  public var path: String { file.path }

  /// Reads a file.
  /// - Throws: `Failure` when it is missing, is UTF-16 or compressed, or holds bytes that are not text.
  public init(path: String, encoding: TextEncodingKind = .utf8, badBytes: BadBytePolicy = .reject) throws {
    try self.init(InputFile.contents(of: path), path: path, encoding: encoding, badBytes: badBytes)
  }

  /// Takes bytes already in memory; `path` is for messages.
  public init(
    _ raw: [UInt8], path: String, encoding: TextEncodingKind = .utf8, badBytes: BadBytePolicy = .reject
  ) throws {
    file = SourceFile(path: path, bytes: raw.count, digest: Digest(of: raw))
    try SourceText.refuseForeignForms(raw, path: path)
    if let position = raw.firstIndex(of: 0) {
      let (line, column) = SourceText.lineAndColumn(of: position, in: raw)
      throw Failure(
        .data, at: "\(path):\(line)", "text expected, found a NUL byte at column \(column)",
        advice: "The file may be UTF-16, or not text at all.")
    }
    switch encoding {
    case .latin1:
      bytes = SourceText.fromLatin1(raw)
      replacedBytes = 0
    case .utf8:
      let content = raw.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(raw.dropFirst(3)) : raw
      guard let bad = UTF8Check.firstInvalid(in: content, from: 0) else {
        bytes = content
        replacedBytes = 0
        return
      }
      switch badBytes {
      case .reject: throw SourceText.badByte(at: bad.lowerBound, in: content, path: path)
      case .replace: (bytes, replacedBytes) = SourceText.replacing(from: bad, in: content)
      }
    }
  }

  static func refuseForeignForms(_ raw: [UInt8], path: String) throws {
    if raw.starts(with: [0xFF, 0xFE]) || raw.starts(with: [0xFE, 0xFF]) {
      throw Failure(
        .data, at: path, "UTF-8 text expected, found a UTF-16 byte order mark",
        advice: "Convert the file first, for example with iconv -f UTF-16 -t UTF-8.")
    }
    if raw.starts(with: [0x1F, 0x8B]) || raw.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      throw Failure(.data, at: path, "text expected, found a compressed file", advice: "Unpack it first.")
    }
  }

  private static func badByte(at position: Int, in bytes: [UInt8], path: String) -> Failure {
    let (line, column) = lineAndColumn(of: position, in: bytes)
    let digits = String(bytes[position], radix: 16, uppercase: true)
    return Failure(
      .data, at: "\(path):\(line)", "UTF-8 text expected, found the byte 0x\(digits) at column \(column)",
      advice: "If the file is Latin-1, read it with --encoding latin1, or allow --bad-bytes replace.")
  }

  static func fromLatin1(_ raw: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(raw.count + raw.count / 16)
    for byte in raw {
      if byte < 0x80 {
        text.append(byte)
      } else {
        text.append(0xC0 | byte >> 6)
        text.append(0x80 | byte & 0x3F)
      }
    }
    return text
  }

  static func replacing(from first: Range<Int>, in bytes: [UInt8]) -> ([UInt8], Int) {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + 16)
    var replaced = 0
    var copied = 0
    var bad: Range<Int>? = first
    while let part = bad {
      text.append(contentsOf: bytes[copied..<part.lowerBound])
      text.append(contentsOf: [0xEF, 0xBF, 0xBD])
      replaced += part.count
      copied = part.upperBound
      bad = UTF8Check.firstInvalid(in: bytes, from: copied)
    }
    text.append(contentsOf: bytes[copied...])
    return (text, replaced)
  }

  /// The line and the byte in the line, both from 1.
  private static func lineAndColumn(of position: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    var line = 1
    var start = 0
    for index in 0..<position where bytes[index] == UInt8(ascii: "\n") {
      line += 1
      start = index + 1
    }
    return (line, position - start + 1)
  }
}
