// A text for a trained language model: from a run's own data, or from files.

import EnsueModels
import EnsueBundle
import EnsueData
import EnsueFiles
import EnsueText

/// Where the text of an evaluation comes from.
public enum LanguageInput {
  /// A text, or a folder of token shards.
  /// - Throws: `Failure` when nothing in it can be scored, or a corpus is of another vocabulary.
  public static func load(
    _ paths: [String], encoding: TextEncodingKind, badBytes: BadBytePolicy, for bundle: LanguageModelBundle
  ) throws -> LanguagePart {
    let part: LanguagePart
    if paths.count == 1, InputFile.isDirectory(paths[0]) {
      let corpus = try TokenCorpus(contentsOf: paths[0])
      try corpus.require(bundle.codec)
      part = LanguagePart(corpus, place: paths[0])
    } else {
      let text = try LanguageText(paths, level: bundle.codec.level, encoding: encoding, badBytes: badBytes)
      part = LanguagePart(text.bytes, bundle.codec, place: text.place)
    }
    try LanguageData.requireScored(part, "test", bundle.codec)
    return part
  }

  /// A part of the data of the run that a bundle came from.
  public static func load(
    _ folder: RunFolder, part: LabelledInput.Part, for bundle: LanguageModelBundle
  ) throws -> LanguagePart {
    let data = try LanguageData.stored(in: folder, or: "a text")
    return try part.chosen(training: data.training, validation: data.validation, test: data.test, of: folder)
  }
}
