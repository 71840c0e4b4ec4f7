// Data sets in folders of a known form: Multi30k, the Tanaka corpus, spelling to sound.

import EnsueFiles

/// Readers of named data sets. Limits are for training and validation data.
struct NamedParallelData {
  let kind: ParallelDatasetKind
  let options: ParallelReadingOptions
  let limits: ParallelLimits

  /// Multi30k: Elliott, Frank, Sima'an and Specia, "Multi30K: multilingual English–German image descriptions", 2016.
  /// 29,000 training and 1,014 validation pairs; tests by their year, test_2016_flickr first.
  func multi30k(_ folder: String, form: Multi30kFormKind, _ source: String, _ target: String) throws -> ParallelSplits {
    let files = try LanguageFiles(folder: "\(folder)/\(form.rawValue)", suffix: form.suffix, trainingPart: "train")
    try files.check(source, target)
    return try splits(files, validation: "val", tests: files.parts("test_", source, target), source, target)
  }

  /// The Tanaka corpus in the selection small_parallel_enja: 50,000 pairs of 4 to 16 words, 500 and 500 held out.
  func tanaka(_ folder: String, _ source: String, _ target: String) throws -> ParallelSplits {
    let files = try LanguageFiles(folder: folder, suffix: ".", trainingPart: "train")
    try files.check(source, target)
    return try splits(files, validation: "dev", tests: files.parts("test", source, target), source, target)
  }

  /// Spelling to sound, OpenNMT's data/morph: letters and phonetic signs with spaces between, 9,000 and 196 words.
  func spelling(_ folder: String) throws -> ParallelSplits {
    func part(_ end: String, _ name: String) throws -> ParallelDataset {
      try read(["\(folder)/src.\(end)", "\(folder)/tgt.\(end)"], name, limits)
    }
    return ParallelSplits(training: try part("train", "training"), validation: try part("valid", "validation"))
  }

  private func splits(
    _ files: LanguageFiles, validation: String, tests: [String], _ source: String, _ target: String
  ) throws -> ParallelSplits {
    ParallelSplits(
      training: try read(files.paths(files.trainingPart, source, target), "training", limits),
      validation: try read(files.paths(validation, source, target), "validation", limits),
      tests: try tests.map { try read(files.paths($0, source, target), $0, .none) })
  }

  private func read(_ paths: [String], _ part: String, _ limits: ParallelLimits) throws -> ParallelDataset {
    try .read(paths, name: "\(kind.rawValue) \(part)", options: options, limits: limits)
  }
}
