// A table with a column for the source and one for the target.

import EnsueFiles

/// Reads the rows of a table of pairs into a collector.
struct ParallelTableReading {
  let text: SourceText
  let languages: (source: String, target: String)?

  func read(into collector: inout PairCollector) throws {
    let options = collector.options
    let isCSV = text.path.lowercased().hasSuffix(".csv")
    let delimiter = UInt8(ascii: isCSV ? "," : "\t")
    var reader = DelimitedReader(
      text, delimiter: delimiter, quoting: options.quoting ?? (isCSV ? .minimal : .off), fieldLimit: options.lineLimit)
    guard let first = try reader.next() else {
      throw Failure(
        .data, at: text.path,
        "rows of source and target expected, found \(text.bytes.isEmpty ? "an empty file" : "none")")
    }
    guard first.fields.count > 1 else {
      throw Failure(
        .data, at: "\(text.path):\(first.line)", "a source column and a target column expected, found 1 column",
        advice: "Tabs separate the columns, commas in a file that ends in .csv; two files are read line by line.")
    }
    let layout = try TableLayout(
      row: first, path: text.path, delimiter: delimiter,
      columns: [
        column("source", ["source", "src"], languages?.source, options.sourceColumn),
        column("target", ["target", "tgt", "trg"], languages?.target, options.targetColumn),
      ], header: options.header)
    if let languages, layout.headerIsGuess, options.sourceColumn == nil, options.targetColumn == nil {
      throw Failure(
        .data, at: "\(text.path):\(first.line)",
        "a header with the columns \(languages.source) and \(languages.target) expected, found "
          + first.fields.prefix(4).map { Failure.shown($0) }.joined(separator: ", "),
        advice: "Where there is no header say --header no: the source comes first.")
    }
    if !layout.hasHeader { try add(first, layout, to: &collector) }
    while let row = try reader.next() { try add(row, layout, to: &collector) }
    collector.addBlankLines(reader.blankLines)
  }

  private func column(
    _ meaning: String, _ usual: [String], _ language: String?, _ selector: ColumnSelector?
  ) -> TableColumn {
    TableColumn(
      meaning: meaning, option: "--\(meaning)", usualNames: usual + (language.map { [$0.lowercased()] } ?? []),
      selector: selector, advice: "Call it \(meaning) in the header, or name it with --\(meaning) in training")
  }

  private func add(_ row: DelimitedReader.Row, _ layout: TableLayout, to collector: inout PairCollector) throws {
    guard row.fields.count == layout.columnCount else {
      throw Failure(
        .data, at: "\(text.path):\(row.line)",
        "\(layout.columnCount) fields expected, found \(row.fields.count)",
        advice: "Every row needs the same columns; a tab or comma inside a sentence must be quoted or taken out.")
    }
    collector.add(
      source: row.fields[layout.indices[0]], target: row.fields[layout.indices[1]],
      at: "\(text.path):\(row.line)")
  }
}
