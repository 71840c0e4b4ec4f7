// What both completion scripts know: after which words which words may come.

import EnsueFiles

extension CommandSet {
  /// The script that teaches a shell the commands, their options and values.
  package func completionScript(for shell: CompletionShell) -> String {
    switch shell {
    case .bash: bashCompletion()
    case .zsh: zshCompletion()
    }
  }

  /// Every beginning of a command, the commands themselves included, in order.
  var completionPaths: [[String]] {
    var paths: [[String]] = []
    for command in commands {
      for count in 1...command.path.count {
        let path = Array(command.path.prefix(count))
        if !paths.contains(path) { paths.append(path) }
      }
    }
    return paths
  }

  /// What may come after a command's words.
  struct Continuation {
    var words: [String]
    var options: [String]
    var takesFiles: Bool
  }

  func continuation(of path: [String]) -> Continuation {
    let command = command(path)
    let kinds = command?.positionals.map(\.kind.base) ?? []
    let options =
      command?.spellings
      ?? (commands(below: path).contains(where: \.hasSettings) ? ["--config", "--help"] : ["--help"])
    return Continuation(
      words: words(after: path) + kinds.flatMap(\.names), options: options, takesFiles: kinds.contains { $0.namesFiles }
    )
  }

  /// What the value of an option may be: its contexts are `command --option` and, after `--set`, `command path`.
  enum Value {
    case names([String])
    case file
    case assignment([String])
    case unknown
  }

  /// Values by the context they stand in; contexts of equal values together, in order of appearance.
  var completionValues: [(contexts: [String], value: Value)] {
    var result: [(contexts: [String], value: Value)] = []
    var places: [String: Int] = [:]
    for command in commands {
      for option in command.options {
        let contexts = CommandSet.contexts(of: option, in: command)
        if contexts.isEmpty { continue }
        let value = CommandSet.value(of: option, in: command)
        let key = "\(value)"
        if let place = places[key] {
          result[place].contexts += contexts
        } else {
          places[key] = result.count
          result.append((contexts, value))
        }
      }
    }
    for path in completionPaths where command(path) == nil && commands(below: path).contains(where: \.hasSettings) {
      let context = "\(path.joined(separator: " ")) --config"
      if let place = places["\(Value.file)"] { result[place].contexts.append(context) }
    }
    return result
  }

  private static func contexts(of option: CommandOption, in command: Command) -> [String] {
    var contexts: [String] = []
    if option.kind != .flag, let name = option.name { contexts.append("\(command.name) --\(name)") }
    if let path = option.settingPath { contexts.append("\(command.name) \(path)") }
    return contexts
  }

  private static func value(of option: CommandOption, in command: Command) -> Value {
    if option.settingPath == nil && option.name == "set" {
      return .assignment(command.options.compactMap(\.settingPath).map { "\($0)=" })
    }
    if option.kind.namesFiles { return .file }
    return option.kind.names.isEmpty ? .unknown : .names(option.kind.names)
  }

  /// Alternatives of a shell's `case`: `'a' | 'b'`.
  static func patterns(_ words: [String]) -> String { words.map { quoted($0) }.joined(separator: " | ") }

  /// A word in single quotes for a shell.
  static func quoted(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars { result += scalar == "'" ? "'\\''" : String(scalar) }
    return result + "'"
  }
}
