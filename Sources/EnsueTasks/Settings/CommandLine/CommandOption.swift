// An option as the parser, the help and the completion see it, whether it is a leaf of a configuration or
// belongs to the command alone.

import EnsueFiles

/// One option of a command.
package struct CommandOption: Sendable {
  /// The name without its dashes; nil for a setting that only `--set` reaches.
  package let name: String?
  package let kind: SettingKind
  package let placeholder: String
  package let help: String
  /// Whether it may be given several times with different values.
  package let isRepeatable: Bool
  /// Whether `--no-name` exists.
  package let isNegatable: Bool
  package let isRequired: Bool
  /// Where help lists it; empty for the options of the command itself.
  package let section: String
  /// The path of the setting it stands for.
  package let settingPath: String?
  /// The default, for help.
  package let defaultText: String?

  init(
    name: String?, kind: SettingKind, placeholder: String, help: String, isRepeatable: Bool, isNegatable: Bool,
    isRequired: Bool, section: String, settingPath: String?, defaultText: String?
  ) {
    self.name = name
    self.kind = kind
    self.placeholder = placeholder
    self.help = help
    self.isRepeatable = isRepeatable
    self.isNegatable = isNegatable
    self.isRequired = isRequired
    self.section = section
    self.settingPath = settingPath
    self.defaultText = defaultText
  }

  /// An option that is there or not: `--json`.
  package static func flag(_ name: String, _ help: String) -> CommandOption {
    option(name, .flag, nil, help)
  }

  /// An option with a value: `--out PATH`.
  /// - Parameter default: what help shows; the program applies it.
  package static func value(
    _ name: String, _ kind: SettingKind, placeholder: String? = nil, default: String? = nil, isRequired: Bool = false,
    _ help: String
  ) -> CommandOption {
    option(name, kind, placeholder, help, isRequired: isRequired, default: `default`)
  }

  /// An option with a value that may be given several times.
  package static func repeated(
    _ name: String, _ kind: SettingKind, placeholder: String? = nil, _ help: String
  ) -> CommandOption {
    option(name, kind, placeholder, help, isRepeatable: true)
  }

  /// The options of every command that has settings.
  static let configuration: [CommandOption] = [
    .value("config", .path, placeholder: "FILE", "settings from a JSON file, under all options"),
    .repeated("set", .text, placeholder: "PATH=VALUE", "any setting by its path; the later option wins"),
  ]

  /// The option or assignment, as it is written: `--hidden`, `--set model.leak`.
  var spelling: String { name.map { "--\($0)" } ?? "--set \(settingPath ?? "")" }

  private static func option(
    _ name: String, _ kind: SettingKind, _ placeholder: String?, _ help: String, isRepeatable: Bool = false,
    isRequired: Bool = false, default: String? = nil
  ) -> CommandOption {
    checkName(name, isFlag: kind == .flag)
    return CommandOption(
      name: name, kind: kind, placeholder: placeholder ?? kind.placeholder, help: help, isRepeatable: isRepeatable,
      isNegatable: false, isRequired: isRequired, section: "", settingPath: nil, defaultText: `default`)
  }

  /// - Precondition: lower-case words with dashes between; `--help` has a meaning already, and `--no-` for flags.
  static func checkName(_ name: String, isFlag: Bool = true) {
    let words = name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    let isKebab = words.allSatisfy { word in
      !word.isEmpty
        && word.allSatisfy {
          UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        }
    }
    precondition(
      isKebab && !(isFlag && name.utf8.starts(with: "no-".utf8)) && name != "help", "'\(name)' is no option's name")
  }
}
