// Files of "label sentence" lines into a collector.

/// `label sentence`: the label is everything before the first space or tab.
struct LabelFirstReading {
  let text: SourceText

  func read(into collector: inout RowCollector) throws {
    var lines = LineReader(text, limit: collector.options.fieldLimit)
    while let (line, bytes) = try lines.next() {
      let end = bytes.firstIndex(where: \.isBlank) ?? bytes.endIndex
      try collector.add(text: bytes[end...], label: bytes[..<end], line: line)
    }
    collector.addBlankLines(lines.blankLines)
  }
}
