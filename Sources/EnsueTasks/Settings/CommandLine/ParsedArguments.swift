// A command line after parsing: every value checked by its kind.

import EnsueFiles

/// What the user gave to a command.
package struct ParsedArguments: Sendable {
  /// One option as given.
  package struct Occurrence: Sendable {
    package let option: CommandOption
    /// The value in canonical form.
    package let value: JSONValue
    /// The value as it was typed.
    package let text: String

    /// Whether it is `--set path=value`.
    var isAssignment: Bool { option.name == "set" && option.settingPath == nil }
  }

  package let command: Command
  /// The options in the order in which they stand.
  package let occurrences: [Occurrence]
  private let positionals: [[String]]

  init(command: Command, occurrences: [Occurrence], positionals: [[String]]) {
    self.command = command
    self.occurrences = occurrences
    self.positionals = positionals
  }

  /// Whether a flag was given.
  package func flag(_ name: String) -> Bool { last(name)?.value.booleanValue ?? false }

  /// Whether an option was given.
  package func isGiven(_ name: String) -> Bool { !given(name).isEmpty }

  /// The text of an option, or nil.
  package func text(_ name: String) -> String? { last(name)?.value.stringValue }

  /// The whole number of an option, or nil.
  package func integer(_ name: String) -> Int? { last(name)?.value.integerValue }

  /// The number of an option, or nil.
  package func number(_ name: String) -> Double? { last(name)?.value.doubleValue }

  /// The texts of an option that may be repeated, in order.
  package func texts(_ name: String) -> [String] {
    given(name).flatMap { $0.value.arrayValue?.compactMap(\.stringValue) ?? [$0.text] }
  }

  /// The positional argument of this name, or nil where it is optional and was not given.
  package func positional(_ name: String) -> String? { positionals(name).first }

  /// All positional arguments of this name.
  /// - Precondition: the command has such an argument.
  package func positionals(_ name: String) -> [String] {
    guard let index = command.positionals.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("'\(command.name)' has no argument '\(name)'")
    }
    return positionals[index]
  }

  private func last(_ name: String) -> Occurrence? { given(name).last }

  /// - Precondition: the command has such an option, except for those of a configuration.
  private func given(_ name: String) -> [Occurrence] {
    let isKnown = name == "config" || command.options.contains { $0.name == name }
    precondition(isKnown, "'\(command.name)' has no option '--\(name)'")
    return occurrences.filter { $0.option.name == name }
  }
}
