// A configuration from a parsed command line: the options a table gives to a command, and their application.

import EnsueFiles

extension SettingsTable {
  /// The settings as options of a command, those included that only `--set` reaches.
  package var options: [CommandOption] {
    settings.map { setting in
      let value = setting.get(defaults)
      return CommandOption(
        name: setting.option, kind: setting.conversion?.kind ?? setting.kind, placeholder: setting.placeholder,
        help: setting.help,
        isRepeatable: setting.kind.isList, isNegatable: setting.kind == .flag, isRequired: false,
        section: setting.section, settingPath: setting.path, defaultText: SettingsTable.text(of: value))
    }
  }

  /// Writes what the command line gives: first the file of `--config`, then `--set` and the options in the order in
  /// which they stand, so that the later wins. What is not given stays as it is in `root`.
  /// - Parameter ignored: keys at the top of the file that are not settings, such as `task`.
  /// - Throws: `Failure`: `missing` or `configuration` for the file, `configuration` for `--set`.
  package func apply(_ arguments: ParsedArguments, to root: inout Root, ignoring ignored: [String] = []) throws {
    var changed = root
    if let file = arguments.text("config") {
      try apply(json: SettingsFile.contents(of: file), to: &changed, file: file, ignoring: ignored)
    }
    try applyOptions(of: arguments, to: &changed)
    root = changed
  }

  /// As `apply`, for what stands on the command line itself.
  package func applyOptions(of arguments: ParsedArguments, to root: inout Root) throws {
    var changed = root
    var lists: [[UInt8]: [JSONValue]] = [:]
    for occurrence in arguments.occurrences {
      if occurrence.isAssignment {
        try apply(occurrence.text, to: &changed)
      } else if let path = occurrence.option.settingPath, let setting = setting(at: path) {
        var value = try setting.conversion?.value(occurrence.value) ?? occurrence.value
        // A repeated list grows; its first occurrence replaces what was there.
        if case .array(let elements) = value {
          lists[Array(path.utf8), default: []] += elements
          value = .array(lists[Array(path.utf8)] ?? elements)
        }
        try setting.set(&changed, value)
      }
    }
    try refuseTwoCells(arguments, changed)
    root = changed
  }

  /// A value as it would be written after `path=`.
  package static func text(of value: JSONValue) -> String {
    switch value {
    case .null: "none"
    case .boolean(let isTrue): isTrue ? "true" : "false"
    case .number(let text): text
    case .string(let text): text.utf8.isEmpty ? "''" : text
    case .array(let elements): elements.isEmpty ? "''" : elements.compactMap(\.stringValue).joined(separator: ",")
    case .object: value.description
    }
  }
}
