// The words of the command line, which to the system are bytes.

import EnsueFiles

extension CommandLine {
  /// The program's name and its arguments.
  /// - Throws: `Failure` for one that is no UTF-8: in `arguments` it is another text, U+FFFD in place of its bytes.
  static func words() throws(Failure) -> [String] {
    var words: [String] = []
    for index in 0..<Int(argc) {
      guard let word = unsafeArgv[index] else { break }
      guard let text = String(validatingCString: word) else {
        throw Failure(.usage, at: "argument \(index)", "UTF-8 expected, found \(Failure.shown(String(cString: word)))")
      }
      words.append(text)
    }
    return words
  }
}
