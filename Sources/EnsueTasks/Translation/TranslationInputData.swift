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
    guard !data.paths.isEmpty else {
      let own = try TranslationData.stored(in: folder, or: "pairs of sentences")
      return try part.chosen(training: own.training, validation: own.validation, test: own.test, of: folder)
    }
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
    if let pair = part.encoded.pairs.firstIndex(where: { bundle.codecs.targetOutput($0.target).isEmpty }) {
      throw Failure(
        .data, at: part.place,
        "symbols that the model knows expected in every target, found none in pair \(pair + 1):"
          + " \(Failure.shown(part.pairs[pair].target))")
    }
    return part
  }
}
