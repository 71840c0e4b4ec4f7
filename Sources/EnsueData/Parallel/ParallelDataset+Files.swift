// Parallel text from files: two with a sentence a line, or one table.

import EnsueFiles

extension ParallelDataset {
  /// Reads pairs from two files, line by line, or from one table: CSV where its name ends in .csv, else TSV.
  /// - Parameters:
  ///   - paths: the source's file and the target's, or the table.
  ///   - languages: names of the source's and the target's column that count as usual ones, such as `de` and `en`.
  /// - Throws: `Failure` with file and line; sides of different numbers of lines are refused with both numbers.
  public static func read(
    _ paths: [String], name: String, options: ParallelReadingOptions = ParallelReadingOptions(),
    limits: ParallelLimits = ParallelLimits(), languages: (source: String, target: String)? = nil
  ) throws -> ParallelDataset {
    try limits.check()
    var collector = PairCollector(options: options, limits: limits)
    switch paths.count {
    case 1:
      try ParallelTableReading(text: collector.open(paths[0]), languages: languages).read(into: &collector)
    case 2: try ParallelLinesReading.read(source: paths[0], target: paths[1], into: &collector)
    default:
      throw Failure(
        .usage, "two files, the source and the target, or one table expected, found \(paths.count) files")
    }
    return try collector.dataset(name: name)
  }
}
