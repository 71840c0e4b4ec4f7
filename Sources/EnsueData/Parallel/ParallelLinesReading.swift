// Two files with a sentence a line: line n of one is the translation of line n of the other.

import EnsueFiles

/// Reads two files side by side into a collector.
enum ParallelLinesReading {
  static func read(source: String, target: String, into collector: inout PairCollector) throws {
    guard !source.utf8.elementsEqual(target.utf8) else {
      throw Failure(
        .usage, at: source, "two different files for source and target expected, found the same twice",
        advice: "Name the file of each language.")
    }
    let (left, right) = try (collector.open(source), collector.open(target))
    for text in [left, right] where text.bytes.isEmpty {
      throw Failure(.data, at: text.path, "a sentence a line expected, found an empty file")
    }
    let (sources, targets) = try (lines(of: left, collector.options), lines(of: right, collector.options))
    guard sources.count == targets.count else {
      throw Failure(
        .data, at: source,
        "as many lines as in \(Failure.shown(target)) (\(PrintedNumber.grouped(targets.count))) expected,"
          + " found \(PrintedNumber.grouped(sources.count))",
        advice: "Line n of one file must be the translation of line n of the other.")
    }
    for (index, (source, target)) in zip(sources, targets).enumerated() {
      collector.add(source: source, target: target, at: "\(left.path):\(index + 1)")
    }
  }

  private static func lines(of text: SourceText, _ options: ParallelReadingOptions) throws -> [ArraySlice<UInt8>] {
    var reader = LineReader(text, limit: options.lineLimit)
    var lines: [ArraySlice<UInt8>] = []
    while let (_, line) = try reader.nextOfAll() { lines.append(line) }
    return lines
  }
}
