// What is wrong with a line of a file, before it is known which line of which file it is.

import EnsueFiles

/// A problem and what to do about it; becomes a `Failure` where the place is known.
struct LineProblem: Error, Equatable {
  let problem: String
  let advice: String

  init(_ problem: String, advice: String = "") {
    self.problem = problem
    self.advice = advice
  }
}

// Problems of word-vector files.
extension LineProblem {
  static let longLine = LineProblem(
    "a line of at most \(WordVectorOptions.maximumLineBytes) bytes expected, found a longer one",
    advice: "Is this a text file of word vectors?")

  /// The problem, on a line that has no line end.
  var unfinished: LineProblem {
    LineProblem(problem, advice: "The last line has no line end: the file may be cut short; fetch it again.")
  }

  static func repeatedWord(_ shown: String) -> LineProblem {
    LineProblem(
      "each word once expected, found \(shown) again", advice: "Keeping the first or the last can be asked for.")
  }

  /// A word that is not UTF-8.
  static func invalidWord(_ text: Span<UInt8>, _ word: Range<Int>) -> LineProblem {
    LineProblem(
      "a word in UTF-8 expected, found \(shown(text, word))",
      advice: "Invalid words can be skipped or repaired when that is asked for.")
  }

  /// The word with U+FFFD for its invalid bytes.
  static func repaired(_ text: Span<UInt8>, _ word: Range<Int>) -> [UInt8] {
    Array(String(decoding: bytes(text, word), as: UTF8.self).utf8)
  }

  static func shown(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
    Failure.shown(bytes(text, range.prefix(400).indices))
  }

  private static func bytes(_ text: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in range { bytes.append(text[index]) }
    return bytes
  }
}
