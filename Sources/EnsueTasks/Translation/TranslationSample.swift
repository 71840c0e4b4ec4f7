// Translations made while a model is trained: the same sentences at every validation, so that one sees it learn.

import EnsueData
import EnsueFiles

/// A sentence, its true translation, and the model's.
public struct TranslationSample: Sendable, Equatable {
  public let source: String
  public let reference: String
  public let translation: String

  /// The first sentences of a part, from what was translated of it already where that is enough.
  /// - Parameter check: called for each batch; what it throws ends the work.
  static func first(
    _ count: Int, of evaluation: TranslationEvaluation, _ part: TranslationPart, _ translator: TextTranslator,
    check: () throws -> Void
  ) throws -> [TranslationSample] {
    let pairs = part.pairs.prefix(count)
    var texts = evaluation.translations.prefix(count).map(\.text)
    let missing = pairs.dropFirst(texts.count).map { TranslationInput($0.source, place: part.place) }
    texts += try translator.likeliest(missing) { _ in try check() }.map(\.text)
    return zip(pairs, texts).map { TranslationSample(source: $0.source, reference: $0.target, translation: $1) }
  }

  /// Writes `samples/NNN.txt`: three lines a sample, and an empty one between.
  /// - Parameter number: of the validation, from 1.
  static func write(_ samples: [TranslationSample], number: Int, in folder: String) throws {
    guard !samples.isEmpty else { return }
    let texts = samples.map { $0.lines + "\n" }
    try OutputFile.createDirectory("\(folder)/samples")
    try OutputFile.write(texts.joined(separator: "\n"), to: "\(folder)/samples/\(name(number)).txt")
  }

  /// Reads what `write` wrote; empty where there is nothing, or something else.
  package static func read(from folder: RunFolder, validation number: Int) throws -> [TranslationSample] {
    let path = "\(folder.path)/samples/\(name(number)).txt"
    guard InputFile.exists(path) else { return [] }
    let lines = String(decoding: try InputFile.contents(of: path), as: UTF8.self).utf8.split(
      separator: UInt8(ascii: "\n")
    ).map { String(decoding: $0, as: UTF8.self) }
    func text(_ line: String, _ label: String) -> String? {
      line.utf8.starts(with: label.utf8) ? String(decoding: line.utf8.dropFirst(label.utf8.count), as: UTF8.self) : nil
    }
    return stride(from: 0, to: lines.count - 2, by: 3).compactMap { place in
      guard let source = text(lines[place], labels[0]), let reference = text(lines[place + 1], labels[1]),
        let translation = text(lines[place + 2], labels[2])
      else { return nil }
      return TranslationSample(source: source, reference: reference, translation: translation)
    }
  }

  private static func name(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  private static let labels = ["source       ", "reference    ", "translation  "]

  /// The three lines of a sample.
  package var lines: String {
    zip(TranslationSample.labels, [source, reference, translation]).map { label, text in
      label + text.spacing("\t\n\r")
    }.joined(separator: "\n")
  }
}

/// The translations of the test data: source, reference and translation, separated by tabs.
enum TranslationsFile {
  static func write(_ evaluation: TranslationEvaluation, of part: TranslationPart, to path: String) throws {
    let rows = zip(part.pairs, evaluation.translations).map { pair, translation in
      [pair.source, pair.target, translation.text].map { $0.spacing("\t\n\r") }.joined(separator: "\t") + "\n"
    }
    try OutputFile.write("source\treference\ttranslation\n" + rows.joined(), to: path)
  }
}
