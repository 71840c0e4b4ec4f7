// MR's files (`.pos`, `.neg`) into a collector.

import EnsueFiles

/// One sentence a line; the file's extension is the label.
struct MovieReviewReading {
  static let labels = ["negative", "positive"]
  let text: SourceText

  func read(into collector: inout RowCollector) throws {
    let label = try MovieReviewReading.label(of: text.path)
    var lines = LineReader(text, limit: collector.options.fieldLimit)
    while let (line, bytes) = try lines.next() { try collector.add(text: bytes, label: Array(label.utf8), line: line) }
    collector.addBlankLines(lines.blankLines)
  }

  private static func label(of path: String) throws -> String {
    if path.utf8.suffix(4).elementsEqual(".pos".utf8) { return labels[1] }
    if path.utf8.suffix(4).elementsEqual(".neg".utf8) { return labels[0] }
    throw Failure(.usage, at: path, "a file ending in .pos or .neg expected for the format mr")
  }
}
