// What the program ends with, and the one line it says about an error.

import EnsueFiles

/// The program's exit codes beyond those of `Failure.Kind`, and their explanations.
package enum ExitStatus {
  package static let success: Int32 = 0
  /// Stopped by the user: 128 + SIGINT.
  package static let interrupted: Int32 = 130

  /// The exit codes for help, in order.
  static var explanations: [(name: String, explanation: String)] {
    [("\(success)", "done; also when the reader of a pipe has had enough")]
      + Failure.Kind.allCases.map { ("\($0.rawValue)", explanation(of: $0)) }
      + [("\(interrupted)", "interrupted by Ctrl-C or a signal")]
  }

  /// The exit code of an error.
  package static func code(of error: any Error) -> Int32 {
    ((error as? Failure)?.kind ?? .internal).rawValue
  }

  /// The line about an error: `error: reviews.tsv:7: two columns expected, found one. …`, and below it the place in a
  /// text where there is one. Control characters, also
  /// those in file names, are escaped, so that no input reaches the terminal as a command.
  package static func line(about error: any Error) -> String {
    guard let failure = error as? Failure else {
      return "error: \(escaped("\(error)")). This is a defect of the program; please report it."
    }
    let closing = failure.kind == .internal ? ". This is a defect of the program; please report it." : ""
    let line = "error: \(escaped(failure.description))\(closing)"
    return ([line] + failure.excerpt.map(escaped)).joined(separator: "\n")
  }

  /// Text in which control and format characters, line ends included, are written as escapes.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        result += scalar == "\n" ? "\\n" : scalar == "\t" ? "\\t" : "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func explanation(of kind: Failure.Kind) -> String {
    switch kind {
    case .usage: "the command line cannot be understood"
    case .data: "an input has wrong content"
    case .missing: "an input does not exist or cannot be read"
    case .unavailable: "a server does not answer"
    case .internal: "a defect of the program"
    case .cannotCreate: "an output cannot be created"
    case .inputOutput: "reading or writing failed, such as a full disk"
    case .configuration: "a configuration file or --set has a wrong value"
    case .diverged: "training gave a number that is not finite"
    }
  }
}
