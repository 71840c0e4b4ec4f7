// Whether people look at the output, and how wide their window is.

import EnsueReport

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The terminal, as seen when asked.
enum Terminal {
  static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns: `COLUMNS` when set to a sensible number, else the window of standard error or output, else 80; never
  /// below 20.
  static var width: Int {
    let window = SystemCalls.columns(of: STDERR_FILENO) ?? SystemCalls.columns(of: STDOUT_FILENO)
    return width(columns: getenv("COLUMNS").map { String(cString: $0) }, window: window)
  }

  static func width(columns: String?, window: Int?) -> Int {
    let named = columns.flatMap { Int($0) }.flatMap { (1...10_000).contains($0) ? $0 : nil }
    return max(named ?? window ?? 80, 20)
  }

  /// How cells are shaded: backgrounds where standard output is a terminal of 256 colours, blocks on other terminals;
  /// plain numbers elsewhere, for `TERM=dumb`, and where `NO_COLOR` is set and not empty (no-color.org).
  static var shading: ShadingKind {
    func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
    return shading(
      isTerminal: outputIsTerminal, term: variable("TERM"), colorTerm: variable("COLORTERM"),
      noColor: variable("NO_COLOR"))
  }

  static func shading(isTerminal: Bool, term: String, colorTerm: String, noColor: String) -> ShadingKind {
    guard isTerminal, noColor.isEmpty, !term.isEmpty, term != "dumb" else { return .numbers }
    return term.hasSuffix("256color") || term.hasSuffix("direct") || !colorTerm.isEmpty ? .colours : .blocks
  }

  /// Whether control sequences are understood: `TERM=dumb` and its kin are shown plain lines.
  static var errorCanRedraw: Bool {
    guard errorIsTerminal, let name = getenv("TERM") else { return false }
    return strcmp(name, "dumb") != 0 && name[0] != 0
  }
}
