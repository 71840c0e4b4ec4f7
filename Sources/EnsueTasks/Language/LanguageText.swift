// The bytes of a text that a language model reads, with the files they are from.

import EnsueData
import EnsueFiles
import EnsueText

/// A text in memory.
struct LanguageText {
  let bytes: [UInt8]
  let files: [SourceFile]
  /// Bytes that were no UTF-8 and became U+FFFD.
  let replacedBytes: Int

  /// The largest file that is read, in bytes; a larger text becomes a corpus first.
  static let byteLimit = 1 << 30

  /// Reads files, one after another; `-` is standard input.
  /// - Parameter level: bytes are taken as they are, whatever they say.
  /// - Throws: `Failure` when one is missing, empty, larger than `byteLimit`, or no text in this encoding.
  init(_ paths: [String], level: TokenLevelKind, encoding: TextEncodingKind, badBytes: BadBytePolicy) throws {
    var (bytes, files, replacedBytes): ([UInt8], [SourceFile], Int) = ([], [], 0)
    for path in paths {
      let name = path == "-" ? "standard input" : path
      let raw = try InputFile.contents(of: path, limit: LanguageText.byteLimit)
      guard !raw.isEmpty else { throw Failure(.data, at: name, "a text expected, found an empty file") }
      switch level {
      case .bytes:
        files.append(SourceFile(path: name, bytes: raw.count, digest: Digest(of: raw)))
        bytes += raw
      case .characters, .words, .subwords:
        let text = try SourceText(raw, path: name, encoding: encoding, badBytes: badBytes)
        guard !text.bytes.isEmpty else { throw Failure(.data, at: name, "a text expected, found an empty file") }
        files.append(text.file)
        replacedBytes += text.replacedBytes
        bytes += text.bytes
      }
    }
    (self.bytes, self.files, self.replacedBytes) = (bytes, files, replacedBytes)
  }

  /// The files as messages name them.
  var place: String { files.first?.path ?? "" }

  /// The digest of all files.
  var digest: Digest { Digest(ofAll: files.map(\.digest)) }

  /// Where the validation part begins when `fraction` of the text is held out at its end: the place of a character
  /// where the share of characters is, of the word after it for words, of a line for subwords. Both parts have a
  /// character where the text has two.
  func validationStart(fraction: Double, level: TokenLevelKind) -> Int {
    let starts = level == .bytes ? bytes.count : bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    let held = min(max(Int((Double(starts) * fraction).rounded()), 1), max(starts - 1, 0))
    var place = 0
    var left = starts - held
    if level == .bytes { return left }
    while place < bytes.count, left > 0 || bytes[place] & 0xC0 == 0x80 {
      place += 1
      if place < bytes.count, bytes[place] & 0xC0 != 0x80 { left -= 1 }
    }
    guard level != .characters else { return place }
    // A word or a line is not cut, unless there is no other.
    let end: (UInt8) -> Bool = { level == .words ? $0 == 0x20 || 0x09...0x0D ~= $0 : $0 == UInt8(ascii: "\n") }
    guard let next = bytes[place...].firstIndex(where: end), next + 1 < bytes.count else { return place }
    return next + 1
  }
}

extension Digest {
  /// The digest of one file, or that of the digests of several.
  init(ofAll digests: [Digest]) {
    self = digests.count == 1 ? digests[0] : Digest(of: digests.flatMap { Array($0.description.utf8) })
  }
}
