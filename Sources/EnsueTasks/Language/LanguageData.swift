// From text files or a corpus to ids, with what is to be said about them.

import EnsueModels
import EnsueData
import EnsueFiles
import EnsueText

/// The data of a language model's run, ready for training.
public struct LanguageData: Sendable, RunData {
  public let codec: TokenCodec
  public let training: LanguagePart
  public let validation: LanguagePart
  public let test: LanguagePart?
  /// What a user should know about the data, a line each.
  public let notes: [String]
  /// The files, for the run's folder.
  let parts: [RunDataPart]

  /// - Throws: `Failure` for anything wrong with the files, and when they are too short.
  public init(_ configuration: LanguageConfiguration) throws {
    var reader = LanguageDataReader(configuration)
    let parts: LanguageDataReader.Parts
    switch (configuration.data.paths.isEmpty, configuration.data.corpus.utf8.isEmpty) {
    case (false, true):
      if let folder = configuration.data.paths.first(where: InputFile.isDirectory) {
        throw Failure(
          .missing, at: folder, "a text file expected, found a directory",
          advice: "A corpus of ensue corpus build is named with --corpus.")
      }
      parts = try reader.texts()
    case (true, false): parts = try reader.corpus()
    case (true, true):
      throw Failure(.usage, "a text file expected, found none", advice: "Name it with --data, or a --corpus.")
    case (false, false): throw Failure(.usage, "--data or --corpus expected, found both")
    }
    codec = parts.codec
    let keepsApart = configuration.training.keepsDocumentsApart && configuration.model.kind.readsStreams
    training = parts.training.keepingDocumentsApart(keepsApart)
    validation = parts.validation.keepingDocumentsApart(keepsApart)
    test = try reader.heldOut(configuration.data.testPath, "test", codec)?.keepingDocumentsApart(keepsApart)
    (notes, self.parts) = (reader.notes + [LanguageData.describe(codec)], reader.parts)
    try LanguageData.requireLength(training, configuration, codec)
    try LanguageData.requireScored(validation, "validation", codec)
    if let test { try LanguageData.requireScored(test, "test", codec) }
  }

  private static func describe(_ codec: TokenCodec) -> String {
    switch codec {
    case .bytes: "vocabulary: the 256 bytes"
    case .characters(let alphabet): "alphabet: \(alphabet.scalars.count) characters"
    case .words(let list): "vocabulary: \(list.idCount - 1) words, <eos> among them"
    case .subwords(let tokenizer): "vocabulary: \(tokenizer.vocabularySize) subwords"
    }
  }

  /// Every stream needs a token and the one after it; a window and an n-gram need two.
  private static func requireLength(
    _ part: LanguagePart, _ configuration: LanguageConfiguration, _ codec: TokenCodec
  ) throws {
    let unit = codec.level.unit
    switch configuration.model.kind {
    case .recurrent, .bigram:
      let streams = configuration.training.batchSize
      guard part.count > streams else {
        throw Failure(
          .data, at: part.place,
          "at least \(streams + 1) \(unit)s to train on in \(streams) streams expected, found \(part.count)",
          advice: "Choose a smaller --batch, or a longer text.")
      }
      try part.requireDocuments(codec)
    case .transformer, .ngram:
      guard part.count > 1 else {
        throw Failure(.data, at: part.place, "at least 2 \(unit)s to train on expected, found \(part.count)")
      }
    }
  }

  /// Something must be predicted: a known token after another.
  static func requireScored(_ part: LanguagePart, _ name: String, _ codec: TokenCodec) throws {
    let unit = codec.level.unit
    guard part.count > 1 else {
      throw Failure(
        .data, at: part.place, "at least 2 \(unit)s of \(name) text expected, found \(part.count)",
        advice: name == "validation" ? "Raise --validation-fraction, or name a longer text with --validation." : "")
    }
    try part.requireDocuments(codec)
    guard try part.isScored(codec) else {
      throw Failure(
        .data, at: part.place,
        "\(unit)s of the training text expected in the \(name) text, found \(part.unknownCount ?? part.count) others",
        advice: "A model cannot be judged by \(unit)s that it does not know.")
    }
  }
}
