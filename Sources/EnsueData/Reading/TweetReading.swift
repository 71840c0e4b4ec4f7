// SemEval's three tab-separated fields into a collector.

import EnsueFiles

/// `identifier TAB label TAB text`; a fourth field (empty, or a date in ten rows of the 2016 test file) is left out.
///
/// A later row with the identifier of an earlier one takes its place, across all files of one reading.
struct TweetReading {
  static let labels = ["negative", "neutral", "positive"]
  private var indices: [[UInt8]: Int] = [:]

  mutating func read(_ text: SourceText, into collector: inout RowCollector) throws {
    var lines = LineReader(text, limit: collector.options.fieldLimit)
    while let (line, bytes) = try lines.next() {
      let fields = bytes.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      guard 3...4 ~= fields.count else {
        try collector.skip(
          .fieldCount,
          Failure(
            .data, at: collector.place(line),
            "identifier, label and text separated by tabs expected, found"
              + " \(PrintedNumber.counted(fields.count, "field", "fields"))",
            advice: RowCollector.skipAdvice))
        continue
      }
      if fields.count == 4, !fields[3].trimmed.isEmpty { collector.addIgnoredField() }
      let cleaned = TweetCleaning.cleaned(Array(fields[2]))
      guard try collector.add(text: cleaned, label: fields[1], line: line) else { continue }
      let identifier = fields[0].trimmed
      if let earlier = indices[identifier] {
        collector.replaceWithLast(earlier)
      } else {
        indices[identifier] = collector.rows.count - 1
      }
    }
    collector.addBlankLines(lines.blankLines)
  }
}
