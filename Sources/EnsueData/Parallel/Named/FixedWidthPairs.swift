// Pairs as lines of one width, `source_target`, padded with spaces: dates and sums as Saitō, "Deep learning from
// scratch 2", chapter 7, has them.

import EnsueFiles

/// Reads such a file.
enum FixedWidthPairs {
  /// - Parameters:
  ///   - path: the file, or the folder it lies in.
  ///   - fileName: its name in that folder.
  /// - Throws: `Failure` with file and line, also for a line without exactly one underscore.
  static func read(
    _ path: String, fileName: String, name: String, options: ParallelReadingOptions, limits: ParallelLimits
  ) throws -> ParallelDataset {
    let path = InputFile.isDirectory(path) ? "\(path)/\(fileName)" : path
    var collector = PairCollector(options: options, limits: limits)
    let text = try collector.open(path)
    guard !text.bytes.isEmpty else {
      throw Failure(.data, at: path, "lines of source_target expected, found an empty file")
    }
    var lines = LineReader(text, limit: options.lineLimit)
    while let (line, bytes) = try lines.next() {
      let sides = bytes.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        throw Failure(
          .data, at: "\(path):\(line)",
          "source and target with one underscore between expected, found \(Failure.shown(bytes))",
          advice: "Read other pairs with the data set \(ParallelDatasetKind.files.rawValue).")
      }
      collector.add(source: sides[0], target: sides[1], at: "\(path):\(line)")
    }
    collector.addBlankLines(lines.blankLines)
    return try collector.dataset(name: name)
  }
}
