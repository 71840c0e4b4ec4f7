// From text files to ids, with what is to be said about them.

import EnsueData
import EnsueFiles
import EnsueText

/// The data of a character model's run, ready for training.
public struct CharacterData: Sendable {
  /// The characters of the training text: the model's.
  public let alphabet: CharacterAlphabet
  public let training: [Int32]
  public let validation: [Int32]
  public let test: [Int32]?
  /// What a user should know about the data, a line each.
  public let notes: [String]
  /// The files, for the run's folder.
  let parts: [RunDataPart]

  /// - Throws: `Failure` for anything wrong with the files, and when they are too short.
  public init(_ configuration: CharacterConfiguration) throws {
    let options = configuration.data
    guard !options.path.utf8.isEmpty else {
      throw Failure(.usage, "a text file expected, found none", advice: "Name it with --data.")
    }
    func read(_ path: String) throws -> CharacterText {
      try CharacterText(contentsOf: path, encoding: options.encoding, badBytes: options.badBytes)
    }
    let text = try read(options.path)
    let heldOut = options.validationPath.utf8.isEmpty ? nil : try read(options.validationPath)
    let tested = options.testPath.utf8.isEmpty ? nil : try read(options.testPath)
    let end = heldOut == nil ? text.validationStart(fraction: options.validationFraction) : text.values.count
    alphabet = CharacterAlphabet(values: text.values[..<end])
    training = alphabet.encode(text.values[..<end])
    validation = alphabet.encode(heldOut.map { $0.values[...] } ?? text.values[end...])
    test = tested.map { [alphabet] in alphabet.encode($0.values) }
    parts =
      [("training", text)].map(CharacterData.part)
      + [heldOut.map { ("validation", $0) }, tested.map { ("test", $0) }].compactMap { $0 }.map(CharacterData.part)
    try CharacterData.requireLength(training, configuration.training.batchSize, text.file.path)
    try CharacterData.requireScored(validation, "validation", (heldOut ?? text).file.path)
    if let test, let tested { try CharacterData.requireScored(test, "test", tested.file.path) }
    notes =
      CharacterData.notes("training", training, of: text)
      + CharacterData.notes("validation", validation, of: heldOut)
      + (test.map { CharacterData.notes("test", $0, of: tested) } ?? [])
      + ["alphabet: \(alphabet.scalars.count) characters"]
  }

  private static func part(_ name: String, _ text: CharacterText) -> RunDataPart {
    RunDataPart(name: name, digest: text.file.digest, path: text.file.path)
  }

  /// Every stream needs a character and the one after it.
  private static func requireLength(_ ids: [Int32], _ batchSize: Int, _ path: String) throws {
    guard ids.count > batchSize else {
      throw Failure(
        .data, at: path,
        "at least \(batchSize + 1) characters to train on in \(batchSize) streams expected, found \(ids.count)",
        advice: "Choose a smaller --batch, or a longer text.")
    }
  }

  /// Something must be predicted: a known character after another.
  private static func requireScored(_ ids: [Int32], _ name: String, _ path: String) throws {
    guard ids.count > 1 else {
      throw Failure(
        .data, at: path, "at least 2 characters of \(name) text expected, found \(ids.count)",
        advice: name == "validation" ? "Raise --validation-fraction, or name a longer text with --validation." : "")
    }
    guard ids.dropFirst().contains(where: { $0 != CharacterAlphabet.unknownID }) else {
      throw Failure(
        .data, at: path,
        "characters of the training text expected in the \(name) text, found \(ids.count) others",
        advice: "A model cannot be judged by characters that it does not know.")
    }
  }

  private static func notes(_ name: String, _ ids: [Int32], of text: CharacterText?) -> [String] {
    var notes = ["\(name): \(ids.count) characters"]
    let unknown = ids.reduce(0) { $0 + ($1 == CharacterAlphabet.unknownID ? 1 : 0) }
    if unknown > 0 { notes.append("  \(unknown) of them not in the training text: read as unknown, not scored") }
    if let text, text.replacedBytes > 0 {
      notes.append("  \(text.file.path): \(text.replacedBytes) bytes that were not UTF-8 replaced")
    }
    return notes
  }
}
