// A folder with a file for each part and language, such as train.de, train.en and val.de.

import EnsueFiles

/// The files of a data set in several languages.
struct LanguageFiles {
  let folder: String
  /// What stands between the name of a part and its language.
  let suffix: String
  /// The part that every language has.
  let trainingPart: String
  private let names: [String]

  /// - Throws: `Failure` when there is no such folder.
  init(folder: String, suffix: String, trainingPart: String) throws {
    (self.folder, self.suffix, self.trainingPart) = (folder, suffix, trainingPart)
    guard InputFile.isDirectory(folder) else {
      throw Failure(
        .missing, at: folder, "a folder expected, found \(InputFile.exists(folder) ? "a file" : "nothing")",
        advice: "Name the data set's folder.")
    }
    names = try InputFile.names(in: folder)
  }

  /// The languages of the training data, by their bytes.
  var languages: [String] {
    let head = trainingPart + suffix
    return names.filter { $0.hasPrefix(head) }.map { String($0.dropFirst(head.count)) }.filter { !$0.contains(".") }
  }

  /// The parts whose names begin so, which both languages have, by their bytes.
  func parts(_ head: String, _ source: String, _ target: String) -> [String] {
    names.filter { $0.hasPrefix(head) && $0.hasSuffix(suffix + source) }
      .map { String($0.dropLast((suffix + source).count)) }
      .filter { names.contains($0 + suffix + target) }
  }

  /// The file of the source and of the target.
  func paths(_ part: String, _ source: String, _ target: String) -> [String] {
    [source, target].map { "\(folder)/\(part)\(suffix)\($0)" }
  }

  /// - Throws: `Failure` of kind `usage` for a language that is not there, and for the same one twice.
  func check(_ source: String, _ target: String) throws {
    let languages = languages
    guard !languages.isEmpty else {
      throw Failure(
        .missing, at: folder, "files \(trainingPart)\(suffix)LANGUAGE expected, found none",
        advice: "Name the data set's folder.")
    }
    for language in [source, target] where !languages.contains(where: { $0.utf8.elementsEqual(language.utf8) }) {
      throw Failure(
        .usage, at: folder,
        "one of the languages \(languages.joined(separator: ", ")) expected, found \(Failure.shown(language))")
    }
    guard !source.utf8.elementsEqual(target.utf8) else {
      throw Failure(
        .usage, at: folder, "two different languages expected, found \(Failure.shown(source)) for both",
        advice: "There are \(languages.joined(separator: ", ")).")
    }
  }
}
