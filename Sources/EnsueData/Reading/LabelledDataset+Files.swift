// Reading files of any of the forms: the entry of this folder.

import EnsueFiles

extension LabelledDataset {
  /// Reads labelled sentences from files, in the order given; for `mr` and `semeval` a path may be a directory.
  /// - Parameters:
  ///   - knownLabels: the labels and their order, when a model or the training data decides them; a label not among
  ///     them is an error. `nil`: those of the files, by number when all are integers, else by bytes.
  /// - Throws: `Failure` with file and line.
  public static func read(
    _ paths: [String], name: String, options: ReadingOptions = ReadingOptions(), knownLabels: [String]? = nil
  ) throws -> LabelledDataset {
    guard !paths.isEmpty else { throw Failure(.usage, "a file of labelled sentences expected, found none") }
    var collector = RowCollector(options: options, knownLabels: try labels(paths, options, knownLabels))
    var tweets = TweetReading()
    for path in paths {
      for file in try files(of: path, format: options.format) {
        let format = try options.format.resolved(for: file)
        if options.pairColumn != nil, !format.hasColumns {
          throw Failure(
            .usage, at: file, "a form with columns for pairs expected, found \(format.rawValue)",
            advice: "Pairs are read from tsv, csv and jsonl.")
        }
        let text = try collector.open(file)
        switch format {
        case .tsv:
          try TableReading(text: text, delimiter: UInt8(ascii: "\t"), quoting: options.quoting ?? .off)
            .read(into: &collector)
        case .csv:
          try TableReading(text: text, delimiter: UInt8(ascii: ","), quoting: options.quoting ?? .minimal)
            .read(into: &collector)
        case .jsonl: try JSONLinesReading(text: text).read(into: &collector)
        case .mr: try MovieReviewReading(text: text).read(into: &collector)
        case .semeval: try tweets.read(text, into: &collector)
        case .labelFirst: try LabelFirstReading(text: text).read(into: &collector)
        case .automatic: preconditionFailure("a resolved format is never automatic")
        }
      }
    }
    return try collector.dataset(name: name)
  }

  /// The labels of the formats that have fixed ones, unless others are asked for.
  private static func labels(_ paths: [String], _ options: ReadingOptions, _ known: [String]?) throws -> [String]? {
    if let known { return known }
    let formats = try paths.map { InputFile.isDirectory($0) ? options.format : try options.format.resolved(for: $0) }
    if formats.allSatisfy({ $0 == .mr }) { return MovieReviewReading.labels }
    if formats.allSatisfy({ $0 == .semeval }) { return TweetReading.labels }
    return nil
  }

  private static func files(of path: String, format: DataFormatKind) throws -> [String] {
    guard InputFile.isDirectory(path) else { return [path] }
    switch format {
    case .mr: return MovieReviews.files(in: path)
    case .semeval: return try TweetFiles.files(in: path)
    case .automatic, .tsv, .csv, .jsonl, .labelFirst:
      throw Failure(.missing, at: path, "a file expected, found a directory", advice: "Name the files themselves.")
    }
  }
}
