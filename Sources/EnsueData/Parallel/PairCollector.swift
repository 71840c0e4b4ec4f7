// Where all readers of parallel text bring their pairs: drops what is empty or beyond the limits, and counts it.

import EnsueFiles

/// Collects pairs and the report of their reading.
struct PairCollector {
  let options: ParallelReadingOptions
  let limits: ParallelLimits
  private(set) var pairs: [SentencePair] = []
  private(set) var report = ParallelReport()

  init(options: ParallelReadingOptions, limits: ParallelLimits) {
    (self.options, self.limits) = (options, limits)
  }

  /// Opens the next file.
  mutating func open(_ path: String) throws -> SourceText {
    let text = try SourceText(path: path, encoding: options.encoding, badBytes: options.badBytes)
    report.files.append(text.file)
    report.replacedBytes += text.replacedBytes
    return text
  }

  mutating func addBlankLines(_ count: Int) { report.blankLines += count }

  /// Adds a pair; white space at the ends of both sides is dropped.
  mutating func add(
    source: some BidirectionalCollection<UInt8>, target: some BidirectionalCollection<UInt8>, at place: String
  ) {
    let pair = SentencePair(
      source: String(decoding: source.trimmed, as: UTF8.self), target: String(decoding: target.trimmed, as: UTF8.self))
    report.read += 1
    if let reason = limits.reason(toDrop: pair) {
      report.drop(reason, at: place)
    } else {
      pairs.append(pair)
    }
  }

  /// The pairs as a data set.
  /// - Throws: `Failure` of kind `data` when none is left.
  func dataset(name: String) throws -> ParallelDataset {
    guard !pairs.isEmpty else {
      let reasons = report.droppedPairs.map { "\($0.pairs.count) \($0.reason.summary)" }.joined(separator: ", ")
      throw Failure(
        .data, at: report.files.first?.path ?? name,
        "pairs of sentences expected, found "
          + (report.read == 0 ? "none" : "\(report.read) that were dropped (\(reasons))"),
        advice: report.read == 0 ? "" : "Correct the files or widen the limits.")
    }
    return ParallelDataset(name: name, pairs: pairs, report: report)
  }
}
