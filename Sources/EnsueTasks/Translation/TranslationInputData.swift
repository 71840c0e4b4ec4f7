// Pairs for a trained translation model: from a run's own data, or from files.

import EnsueBundle
import EnsueData
import EnsueFiles

/// Where the pairs of an evaluation come from.
public enum TranslationInputData {
  /// - Parameters:
  ///   - data: files, or nothing for the run's own data.
  ///   - part: of the run's own data.
  public static func load(
    _ data: DataConfiguration, _ folder: RunFolder, part: LabelledInput.Part, for bundle: TranslationBundle
  ) throws -> TranslationPart {
    try data.requireOnlyFiles(
      of: "pairs", areTables: true,
      advice: "A translation model takes --data SOURCE,TARGET or --data TABLE, --encoding, --bad-bytes, --header and"
        + " --quoting.")
    guard !data.paths.isEmpty else { return try load(folder, part: part, for: bundle) }
    var reading = ParallelReadingOptions(encoding: data.encoding, badBytes: data.badBytes)
    (reading.header, reading.quoting) = (data.header, data.quoting)
    // The columns of a table have the names that they had in training.
    let file = RunConfigurationFile<TranslationConfiguration>(path: folder.configuration)
    let languages = try folder.holdsRun ? file.configuration().data.languages : nil
    let part = TranslationPart(
      try .read(data.paths, name: "test", options: reading, limits: .none, languages: languages), bundle.codecs)
    if let pair = part.encoded.pairs.firstIndex(where: { bundle.codecs.sourceInput($0.source).isEmpty }) {
      throw Failure(
        .data, at: part.place,
        "symbols that the model knows expected in every source, found none in pair \(pair + 1):"
          + " \(Failure.shown(part.pairs[pair].source))")
    }
    return part
  }

  /// A part of the data of the run that a bundle came from.
  private static func load(
    _ folder: RunFolder, part: LabelledInput.Part, for bundle: TranslationBundle
  ) throws -> TranslationPart {
    guard folder.holdsRun else {
      throw Failure(.usage, "pairs of sentences expected, found none", advice: "Name files with --data.")
    }
    let file = RunConfigurationFile<TranslationConfiguration>(path: folder.configuration)
    let data: TranslationData
    do {
      data = try TranslationData(file.configuration())
    } catch let failure as Failure where failure.kind == .missing && failure.advice.isEmpty {
      throw Failure(
        .missing, at: failure.place, failure.problem,
        advice: "The run names its data as it was where training was started; name other data with --data.")
    }
    try file.requireSameData(data.parts)
    let chosen: TranslationPart? =
      switch part {
      case .training: data.training
      case .validation: data.validation
      case .test: data.test
      }
    guard let chosen else {
      throw Failure(
        .usage, "\(part.rawValue) data expected, found none in this run",
        advice: "Name files with --data, or choose another --part.")
    }
    return chosen
  }
}
