// Translations as files: a line each, as sacreBLEU's program reads them.

import EnsueFiles

/// Reads texts to score.
public enum TranslationLines {
  /// The lines of a file, without white space at their ends; `-` is standard input. A last line needs no line end.
  /// - Throws: `Failure` for a file that is absent, that has no line, and that is no UTF-8.
  public static func contents(of path: String) throws -> [String] {
    try all(of: path).map { $0.unicodeScalars.last.map(ScalarText.isSpace) == true ? trimmedAtEnd($0) : $0 }
  }

  /// The same lines with the white space at their ends, but for a carriage return.
  public static func all(of path: String) throws -> [String] {
    let place = path == "-" ? "standard input" : path
    let bytes = try InputFile.contents(of: path)
    guard !bytes.isEmpty else { throw Failure(.data, at: place, "at least one line expected, found none") }
    var lines: [String] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let line = bytes[start..<end].last == UInt8(ascii: "\r") ? bytes[start..<end - 1] : bytes[start..<end]
      guard let text = String(validating: line, as: UTF8.self) else {
        throw Failure(
          .data, at: "\(place):\(lines.count + 1)", "UTF-8 expected, found other bytes in \(Failure.shown(line))")
      }
      lines.append(text)
      start = end + 1
    }
    return lines
  }

  private static func trimmedAtEnd(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let last = scalars.lastIndex(where: { !ScalarText.isSpace($0) }) else { return "" }
    return String(scalars[...last])
  }
}
