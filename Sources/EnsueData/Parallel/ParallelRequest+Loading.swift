// A request becomes data.

import EnsueFiles

extension ParallelRequest {
  /// Loads the pairs.
  /// - Throws: `Failure` for anything wrong with the request or the files.
  public func load() throws -> ParallelSplits {
    try limits.check()
    try counts.check()
    let own = try ownSplits()
    guard !validationPaths.isEmpty || !testPaths.isEmpty else { return own }
    return ParallelSplits(
      training: own.training,
      validation: validationPaths.isEmpty ? own.validation : try read(validationPaths, "validation", limits),
      tests: testPaths.isEmpty ? own.tests : [try read(testPaths, "test", .none)])
  }

  /// The data without the files of validation and test data that were named.
  private func ownSplits() throws -> ParallelSplits {
    let named = NamedParallelData(kind: kind, options: reading, limits: limits)
    switch kind {
    case .files: return try files()
    case .multi30k:
      return try named.multi30k(folder(), form: form, sourceLanguage ?? "de", targetLanguage ?? "en")
    case .tanaka: return try named.tanaka(folder(), sourceLanguage ?? "en", targetLanguage ?? "ja")
    case .spelling:
      try refuseLanguages()
      return try named.spelling(folder())
    case .dates: return try lines("date.txt", or: DatePairs())
    case .addition: return try lines("addition.txt", or: AdditionPairs(digits: digits))
    case .reversal: return try generated(ReversalPairs(sequences()))
    case .sorting: return try generated(SortingPairs(sequences()))
    }
  }

  private func sequences() throws -> SymbolSequences {
    try SymbolSequences(shortest: shortest, longest: longest, symbolCount: symbolCount)
  }

  private func files() throws -> ParallelSplits {
    guard !paths.isEmpty else {
      throw Failure(.usage, "a source file and a target file, or one table, expected, found none")
    }
    guard (sourceLanguage == nil) == (targetLanguage == nil), paths.count == 1 || sourceLanguage == nil else {
      throw Failure(
        .usage,
        "the names of a table's two columns expected, found "
          + (paths.count == 1 ? "one" : "names beside \(paths.count) files"),
        advice: paths.count == 1
          ? "Give both --source and --target, or neither." : "The first file is the source, the second the target.")
    }
    let all = try read(paths, "training", limits)
    let count = validationPaths.isEmpty ? min(counts.validation, max(all.count / 10, 1)) : 0
    let split = try all.holdingOut([("\(kind.rawValue) validation", count)], seed: counts.seed)
    return ParallelSplits(training: split.rest, validation: split.parts[0])
  }

  /// A file of `source_target` lines, or without one a generator.
  private func lines(_ fileName: String, or generator: some PairGenerator) throws -> ParallelSplits {
    guard !paths.isEmpty else { return try generated(generator) }
    try refuseLanguages()
    guard paths.count == 1 else {
      throw Failure(.usage, "one file for the data set \(kind.rawValue) expected, found \(paths.count)")
    }
    let all = try FixedWidthPairs.read(
      paths[0], fileName: fileName, name: "\(kind.rawValue) training", options: reading, limits: limits)
    let parts = [
      ("\(kind.rawValue) test", testPaths.isEmpty ? counts.test : 0),
      ("\(kind.rawValue) validation", validationPaths.isEmpty ? counts.validation : 0),
    ]
    let split = try all.holdingOut(parts, seed: counts.seed)
    return ParallelSplits(
      training: split.rest, validation: split.parts[1], tests: split.parts[0].isEmpty ? [] : [split.parts[0]])
  }

  private func generated(_ generator: some PairGenerator) throws -> ParallelSplits {
    try refuseLanguages()
    guard paths.isEmpty else {
      throw Failure(
        .usage, "no files for the data set \(kind.rawValue) expected, found \(Failure.shown(paths[0]))",
        advice: "Read files with the data set \(ParallelDatasetKind.files.rawValue).")
    }
    return try generator.splits(counts)
  }

  private func refuseLanguages() throws {
    guard let language = sourceLanguage ?? targetLanguage else { return }
    throw Failure(
      .usage, "no language for the data set \(kind.rawValue) expected, found \(Failure.shown(language))",
      advice: "Leave it out; the data set has its own two sides.")
  }

  private func folder() throws -> String {
    guard paths.count == 1 else {
      throw Failure(.usage, "one folder for the data set \(kind.rawValue) expected, found \(paths.count)")
    }
    return paths[0]
  }

  private func read(_ paths: [String], _ part: String, _ limits: ParallelLimits) throws -> ParallelDataset {
    try .read(
      paths, name: "\(kind.rawValue) \(part)", options: reading, limits: limits, languages: languages)
  }
}
