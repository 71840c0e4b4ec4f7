// Sentences on the command line, or the lines of standard input.

import EnsueFiles
import EnsueTasks

/// The sentences that a command is to read.
struct GivenSentences {
  /// Those on the command line; none where standard input has them.
  let list: [String]

  /// - Throws: `Failure` of kind `usage` for sentences beside `-`.
  init(_ arguments: ParsedArguments) throws(Failure) {
    let sentences = arguments.positionals("SENTENCE")
    guard sentences.count < 2 || !sentences.contains("-") else {
      throw Failure(.usage, "sentences or - expected, found both", advice: "- reads standard input.")
    }
    list = sentences == ["-"] ? [] : sentences
  }

  /// Writes what `answer` makes of them, of lines as they come.
  func write(to output: inout StandardOutput, _ answer: ([String]) throws -> String) throws {
    guard list.isEmpty else { return try output.write(answer(list)) }
    var lines = StandardInputLines()
    while let batch = try lines.next() {
      try output.write(answer(batch))
      // A program at the other end of the pipe may wait for the answer before it asks again.
      try output.flush()
    }
  }
}
