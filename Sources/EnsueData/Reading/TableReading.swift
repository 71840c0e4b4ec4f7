// TSV and CSV with columns of texts, or of pairs of texts, and of labels, into a collector.

import EnsueFiles

/// Reads the rows of a table.
struct TableReading {
  let text: SourceText
  let delimiter: UInt8
  let quoting: QuotingKind

  func read(into collector: inout RowCollector) throws {
    let options = collector.options
    var reader = DelimitedReader(text, delimiter: delimiter, quoting: quoting, fieldLimit: options.fieldLimit)
    guard let first = try reader.next() else {
      throw Failure(
        .data, at: text.path, "rows of text and label expected, found \(text.bytes.isEmpty ? "an empty file" : "none")")
    }
    let layout = try TableLayout(
      row: first, path: text.path, delimiter: delimiter,
      columns: [.text(options), .pair(options), .label(options)].compactMap(\.self), header: options.header)
    let firstIndex = collector.rows.count
    if !layout.hasHeader {
      if layout.headerIsGuess { collector.doubt = TableReading.headerAdvice(options.labelKind) }
      try add(first, layout, to: &collector)
      collector.doubt = nil
    }
    while let row = try reader.next() { try add(row, layout, to: &collector) }
    collector.addBlankLines(reader.blankLines)
    if layout.headerIsGuess, options.labelKind == .category {
      try checkFirstRow(collector.rows[firstIndex...], line: first.line)
    }
    if layout.hasHeader && collector.rows.count == firstIndex && collector.report.skippedCount == 0 {
      throw Failure(.data, at: text.path, "rows below the header expected, found none")
    }
  }

  private static func headerAdvice(_ kind: LabelKind) -> String {
    switch kind {
    case .category: "Every label must occur in the training data; if this row is a header, say so with --header yes."
    case .number: "If this row is a header, say so with --header yes."
    }
  }

  private func add(_ row: DelimitedReader.Row, _ layout: TableLayout, to collector: inout RowCollector) throws {
    guard row.fields.count == layout.columnCount else {
      let found = row.fields.count == 1 ? "1 field" : "\(row.fields.count) fields"
      try collector.skip(
        .fieldCount,
        Failure(
          .data, at: "\(text.path):\(row.line)", "\(layout.columnCount) fields expected, found \(found)",
          advice: RowCollector.skipAdvice))
      return
    }
    let fields = layout.indices.map { row.fields[$0] }
    try collector.add(
      text: fields[0], pair: fields.count > 2 ? fields[1] : nil, label: fields[fields.count - 1], line: row.line)
  }

  /// A first row whose label no other row has, where every other label is repeated, is probably a header.
  private func checkFirstRow(_ rows: ArraySlice<RowCollector.Row>, line: Int) throws {
    guard rows.count >= 10, let first = rows.first, first.line == line else { return }
    var counts: [[UInt8]: Int] = [:]
    for row in rows { counts[row.label, default: 0] += 1 }
    guard counts[first.label] == 1, counts.values.count(where: { $0 == 1 }) == 1 else { return }
    throw Failure(
      .data, at: "\(text.path):\(line)",
      "a row like the others expected, found the label \(Failure.shown(first.label)) that no other row has",
      advice: "Say --header yes if this row is a header, --header no if it is data.")
  }
}
