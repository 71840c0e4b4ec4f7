// The text that models of several sizes are compared on.

import EnsueData
import EnsueFiles
import EnsueTensor
import EnsueText

/// Where an experiment's characters come from.
public enum ContextText: Sendable, Equatable {
  /// A text file; its last tenth is held out.
  case file(String)
  case generated

  /// A text as symbols.
  struct Symbols: Sendable {
    let training: [Int32]
    let validation: [Int32]
    let vocabularySize: Int
    /// Said in reports.
    let note: String
  }

  /// - Parameters:
  ///   - count: the characters of the generated training text; a tenth as many more are held out.
  ///   - atLeast: the fewest characters that the held-out part may have.
  /// - Throws: `Failure` when the file cannot be read or is too short.
  func symbols(count: Int, atLeast: Int) throws -> Symbols {
    switch self {
    case .generated:
      let (training, validation) = (
        GeneratedPages.text(atLeast: count, of: .training),
        GeneratedPages.text(atLeast: max(count / 10, atLeast), of: .validation)
      )
      let alphabet = CharacterAlphabet((training + validation).unicodeScalars)
      return Symbols(
        training: alphabet.encode(training), validation: alphabet.encode(validation),
        vocabularySize: alphabet.idCount, note: "generated pages of names, arithmetic and XML")
    case .file(let path):
      let text = try CharacterText(contentsOf: path)
      let end = text.validationStart(fraction: 0.1)
      guard text.values.count - end >= atLeast else {
        throw Failure(
          .data, at: text.file.path,
          "at least \(10 * atLeast) characters expected, found \(text.values.count)",
          advice: "Choose a smaller --size, or a longer text.")
      }
      // Characters of the held-out part alone are symbols too: to a model they are rare, not unknown.
      let alphabet = CharacterAlphabet(values: text.values)
      return Symbols(
        training: alphabet.encode(text.values[..<end]), validation: alphabet.encode(text.values[end...]),
        vocabularySize: alphabet.idCount, note: "the characters of \(path)")
    }
  }
}

/// Generated text whose future depends on its past at many distances: on a page a few people, named at the beginning
/// of every line, do sums or write elements. Who has read the page knows their names.
enum GeneratedPages {
  private static let peopleCount = 3
  private static let lineCount = 8

  /// A page: lines of `Name: sample`, and an empty one.
  static func page(_ index: Int, of part: SequencePart) -> String {
    let key = RandomKey(seed: 1).derived("pages").derived(part.rawValue).derived(index)
    let people = (0..<peopleCount).map { TextTask(.names).sample(index * peopleCount + $0, of: part) }
    let lines = (0..<lineCount).map { line -> String in
      let bits = key.bits(at: line)
      let kind: TextTaskKind = bits & 1 == 0 ? .xml : .arithmetic
      let person = people[Int((bits >> 1) % UInt64(peopleCount))]
      return "\(person): \(TextTask(kind).sample(index * lineCount + line, of: part))\n"
    }
    return lines.joined() + "\n"
  }

  /// Whole pages, at least so many characters.
  static func text(atLeast count: Int, of part: SequencePart) -> String {
    var text = ""
    var index = 0
    while text.utf8.count < count {
      text += page(index, of: part)
      index += 1
    }
    return text
  }
}
