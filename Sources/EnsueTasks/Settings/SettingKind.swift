// What a configuration leaf or an option of the command line may hold. From the kind follow the check of a
// value, the words of its error, its line of help and its completion in a shell.

/// The kind of a value, with its bounds.
public indirect enum SettingKind: Sendable, Equatable {
  /// A whole number; in JSON without point or exponent.
  case integer(ClosedRange<Int>)
  /// A finite number.
  case number(NumberRange)
  /// True or false; as an option `--name` and `--no-name`.
  case flag
  /// Any text.
  case text
  /// The path of a file or folder, not empty.
  case path
  /// One of these names.
  case choice([String])
  /// Texts; on the command line separated by commas, repeated, or as a JSON array.
  case list
  /// Paths, written as a list; a shell completes them as it does files.
  case paths
  /// Another kind, or nothing: `null` in JSON, `none` on the command line.
  case optional(SettingKind)

  /// Text that stands for the value in help: `N`, `FILE`.
  public var placeholder: String {
    switch self {
    case .integer: "N"
    case .number: "X"
    case .flag: "true|false"
    case .text: "TEXT"
    case .path: "PATH"
    case .choice: "NAME"
    case .list: "TEXT,..."
    case .paths: "PATH,..."
    case .optional(let kind): kind.placeholder
    }
  }

  /// What is expected, for an error: `a whole number from 1 to 8192`.
  public var expectation: String {
    switch self {
    case .integer: "a whole number\(boundsClause)"
    case .number: "a number\(boundsClause)"
    case .flag: "true or false"
    case .text: "text"
    case .path: "a path"
    case .choice(let names): "one of \(names.joined(separator: ", "))"
    case .list: "a list of texts"
    case .paths: "a list of paths"
    case .optional(let kind): "\(kind.expectation), or none,"
    }
  }

  /// The bounds of a number or the names of a choice, for help; empty when there are none.
  public var bounds: String {
    switch self {
    case .integer(let range) where range.lowerBound == .min && range.upperBound == .max: ""
    case .integer(let range) where range.upperBound == .max: "at least \(range.lowerBound)"
    case .integer(let range) where range.lowerBound == .min: "at most \(range.upperBound)"
    case .integer(let range): "from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): range.description
    case .choice(let names): names.joined(separator: ", ")
    case .optional(let kind): kind.bounds.isEmpty ? "" : "\(kind.bounds), or none"
    case .flag, .text, .path, .list, .paths: ""
    }
  }

  /// ` from 1 to 8`, ` of at least 1`, ` above 0`, or nothing.
  private var boundsClause: String {
    if bounds.isEmpty { return "" }
    return bounds.utf8.starts(with: "at ".utf8) ? " of \(bounds)" : " \(bounds)"
  }

  /// The kind without the possibility of nothing.
  public var base: SettingKind { if case .optional(let kind) = self { kind.base } else { self } }

  /// The names a value may have, when they can be listed.
  public var names: [String] {
    switch base {
    case .choice(let names): names
    case .flag: ["true", "false"]
    case .integer, .number, .text, .path, .list, .paths, .optional: []
    }
  }

  /// Whether there may be several values: an option is then repeated, or takes them separated by commas.
  var isList: Bool {
    switch base {
    case .list, .paths: true
    case .integer, .number, .flag, .text, .path, .choice, .optional: false
    }
  }

  /// Whether a value names files or folders.
  var namesFiles: Bool {
    switch base {
    case .path, .paths: true
    case .integer, .number, .flag, .text, .choice, .list, .optional: false
    }
  }
}
