// The one error type for everything that depends on a file, an option or a request.
// Programmer errors (a wrong shape) are preconditions and do not come here.

/// Something the user gave or asked for that cannot be done, in one line.
///
/// The text follows one form: *where*: *what was expected*, found *what*. *What to do.*
/// `kind` decides the exit code of the program.
public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The class of a failure; the raw value is the program's exit code (after BSD's `sysexits.h`).
  public enum Kind: Int32, Sendable, CaseIterable {
    /// The command line cannot be understood.
    case usage = 64
    /// An input exists but its content is wrong.
    case data = 65
    /// An input does not exist or may not be read.
    case missing = 66
    /// A server does not answer, or asks to come back later.
    case unavailable = 69
    /// A defect of Ensue itself.
    case `internal` = 70
    /// An output cannot be created.
    case cannotCreate = 73
    /// Reading or writing failed half-way: disk full, device error.
    case inputOutput = 74
    /// A configuration value is unknown or out of range.
    case configuration = 78
    /// Training produced a number that is not finite.
    case diverged = 79
  }

  public let kind: Kind
  /// The file, option or setting, with a line (`:7`) or byte (`@7`) where there is one; empty when there is none.
  public let place: String
  /// What was expected and what was found.
  public let problem: String
  /// What the user can do, as a sentence; empty when the problem says it all.
  public let advice: String
  /// Lines to show under the message: the line of the input and a caret under the fault. Empty for most failures;
  /// not part of `description`, which stays one line.
  public let excerpt: [String]

  public init(
    _ kind: Kind, at place: String = "", _ problem: String, advice: String = "", excerpt: [String] = []
  ) {
    self.kind = kind
    self.place = place
    self.problem = problem
    self.advice = advice
    self.excerpt = excerpt
  }

  public var description: String {
    let located = place.isEmpty ? problem : "\(place): \(problem)"
    return advice.isEmpty ? located : "\(located). \(advice)"
  }

  /// Text from an input as it may be shown in a message: quoted, control characters escaped, at most 80 characters.
  public static func shown(_ text: String) -> String {
    var result = "'"
    var length = 0
    for scalar in text.unicodeScalars {
      if length >= 80 {
        result += "…"
        break
      }
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "'": result += "\\'"
      case _ where scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
      length += 1
    }
    return result + "'"
  }

  /// Bytes from an input as they may be shown in a message.
  public static func shown(_ bytes: some Sequence<UInt8>) -> String {
    shown(String(decoding: Array(bytes.prefix(400)), as: UTF8.self))
  }

  /// The nearest of `names` to a mistyped `name`, when one is near enough to be worth suggesting.
  public static func nearest(to name: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().utf8.prefix(64))
    var best: (name: String, distance: Int)?
    for candidate in names {
      let distance = editDistance(wanted, Array(candidate.lowercased().utf8.prefix(64)))
      if distance < (best?.distance ?? Int.max) { best = (candidate, distance) }
    }
    guard let best, best.distance <= max(2, wanted.count / 3) else { return nil }
    return best.name
  }

  /// Levenshtein distance (1966) between two byte strings.
  private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var previous = Array(0...right.count)
    for (row, byte) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        let substituted = previous[column] + (byte == other ? 0 : 1)
        current.append(min(substituted, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous[right.count]
  }
}
