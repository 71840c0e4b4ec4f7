// What a command takes and how it is explained; what it does is the program's.

/// The description of a command.
package struct Command: Sendable {
  /// The words that name it: `["train", "classify"]`.
  package let path: [String]
  /// Under which heading the list of commands has it.
  package let group: String
  /// One line without full stop.
  package let summary: String
  /// Paragraphs, separated by empty lines.
  package let discussion: String
  package let examples: [CommandExample]
  package let positionals: [Positional]
  package let options: [CommandOption]
  /// Whether it has a configuration, and so `--config` and `--set`.
  package let hasSettings: Bool

  /// - Parameters:
  ///   - path: the words, with a space between.
  ///   - options: those of the command itself.
  ///   - settings: `SettingsTable.options`.
  /// - Precondition: no option appears twice; at most one row of positional arguments, the last; no required one
  ///   after an optional one.
  package init(
    _ path: String, group: String, _ summary: String, discussion: String = "", examples: [CommandExample] = [],
    positionals: [Positional] = [], options: [CommandOption] = [], settings: [CommandOption] = []
  ) {
    self.path = path.split(separator: " ").map { String($0) }
    self.group = group
    self.summary = summary
    self.discussion = discussion
    self.examples = examples
    self.positionals = positionals
    hasSettings = !settings.isEmpty
    self.options = options + (settings.isEmpty ? [] : CommandOption.configuration) + settings
    var names = Set<String>()
    for name in self.options.compactMap(\.name) {
      precondition(names.insert(name).inserted, "'\(path)' has the option '--\(name)' twice")
    }
    for (former, latter) in zip(positionals, positionals.dropFirst()) {
      precondition(!former.isList && (former.isRequired || !latter.isRequired), "'\(path)': arguments cannot be dealt")
    }
  }

  /// The words as one text.
  package var name: String { path.joined(separator: " ") }

  /// Every option as it is written, `--no-` forms included.
  var spellings: [String] {
    options.flatMap { option -> [String] in
      guard let name = option.name else { return [] }
      return option.isNegatable ? ["--\(name)", "--no-\(name)"] : ["--\(name)"]
    } + ["--help"]
  }
}
