// The commands of a program, and which one a command line means.

import EnsueFiles

/// The description of a whole program.
package struct CommandSet: Sendable {
  /// The program's name, as it is typed.
  package let program: String
  /// What it is, in two lines.
  package let about: String
  package let commands: [Command]
  package let examples: [CommandExample]
  /// The key of a configuration file that names the subcommand: `ensue train --config FILE` is
  /// `ensue train classify --config FILE` when the file has `"task": "classify"`.
  package let subcommandKey: String

  /// - Precondition: no command appears twice.
  package init(
    program: String, about: String, commands: [Command], examples: [CommandExample], subcommandKey: String = "task"
  ) {
    self.program = program
    self.about = about
    self.commands = commands + [CommandSet.completion(of: program)]
    self.examples = examples
    self.subcommandKey = subcommandKey
    var names = Set<String>()
    for command in self.commands {
      precondition(names.insert(command.name).inserted, "the command '\(command.name)' is described twice")
    }
  }

  /// What the words after the program's name ask for. No words ask for help.
  /// - Throws: `Failure` of kind `usage`; for a configuration file that should name the subcommand, also `missing` and
  ///   `configuration`.
  package func invocation(for arguments: [String]) throws -> Invocation {
    guard let first = arguments.first else { return .help([]) }
    if first.isHelpOption { return .help([]) }
    if first.utf8.elementsEqual("--version".utf8) { return .version }
    if first.utf8.elementsEqual("help".utf8) { return .help(try topic(Array(arguments.dropFirst()))) }
    var path = longestPath(arguments)
    let rest = arguments[path.count...]
    let asksForHelp = rest.prefix { !$0.utf8.elementsEqual("--".utf8) }.contains(where: \.isHelpOption)
    if asksForHelp, !path.isEmpty { return .help(path) }
    if command(path) == nil, !path.isEmpty, let word = try subcommand(of: path, from: rest) { path.append(word) }
    guard let command = command(path) else { throw unknownCommand(after: path, found: rest.first) }
    var parser = CommandParser(command, program: program, words: rest)
    let parsed = try parser.parse()
    if command.name == "completion", let shell = parsed.positional("SHELL").flatMap({ CompletionShell(rawValue: $0) }) {
      return .completion(shell)
    }
    return .run(parsed)
  }

  /// The command of exactly these words.
  package func command(_ path: [String]) -> Command? { commands.first { CommandSet.isSame($0.path[...], path[...]) } }

  /// The commands below these words.
  func commands(below path: [String]) -> [Command] {
    commands.filter { $0.path.count > path.count && CommandSet.isSame($0.path.prefix(path.count), path[...]) }
  }

  /// The words that may follow these, in order.
  func words(after path: [String]) -> [String] {
    var words: [String] = []
    for command in commands(below: path) where !words.contains(command.path[path.count]) {
      words.append(command.path[path.count])
    }
    return words
  }

  private static func completion(of program: String) -> Command {
    Command(
      "completion", group: "Help", "print a completion script for a shell",
      discussion: "For bash, add the first line below to ~/.bashrc. For zsh, add the second to ~/.zshrc after"
        + " compinit, or write the script to a file named _\(program) in a folder of $fpath.",
      examples: [
        CommandExample("bash", "eval \"$(\(program) completion bash)\""),
        CommandExample("zsh", "eval \"$(\(program) completion zsh)\""),
      ],
      positionals: [
        Positional("SHELL", .choice(CompletionShell.allCases.map(\.rawValue)), .one, "the shell")
      ])
  }

  /// As many words from the start as name commands or their beginnings.
  private func longestPath(_ arguments: [String]) -> [String] {
    var path: [String] = []
    for word in arguments {
      guard words(after: path).contains(where: { $0.utf8.elementsEqual(word.utf8) }) else { break }
      path.append(word)
    }
    return path
  }

  private func topic(_ words: [String]) throws(Failure) -> [String] {
    let words = words.filter { !$0.isHelpOption }
    let path = longestPath(words)
    guard path.count == words.count else { throw unknownCommand(after: path, found: words[path.count]) }
    return path
  }

  /// The subcommand that the file of `--config` names, when it comes before any other subcommand could.
  private func subcommand(of path: [String], from rest: ArraySlice<String>) throws -> String? {
    guard rest.first?.looksLikeOption == true, let file = CommandSet.configurationFile(in: rest) else { return nil }
    guard let object = try SettingsFile.contents(of: file).objectValue, let value = object[subcommandKey] else {
      throw Failure(
        .configuration, at: file, "a member '\(subcommandKey)' expected, found none",
        advice: "Add it, or write '\(program) \((path + ["TASK"]).joined(separator: " "))'.")
    }
    let kind = SettingKind.choice(words(after: path))
    guard let name = kind.value(of: value)?.stringValue else {
      let text = value.stringValue
      throw kind.failure(
        .configuration, at: "\(file): \(subcommandKey)", text: text,
        found: text.map { Failure.shown($0) } ?? value.kindName)
    }
    return name
  }

  private static func configurationFile(in words: ArraySlice<String>) -> String? {
    var previous = ""
    for word in words {
      if word.utf8.elementsEqual("--".utf8) { return nil }
      if previous.utf8.elementsEqual("--config".utf8) { return word }
      if word.utf8.starts(with: "--config=".utf8) { return String(decoding: word.utf8.dropFirst(9), as: UTF8.self) }
      previous = word
    }
    return nil
  }

  private func unknownCommand(after path: [String], found word: String?) -> Failure {
    let place = ([program] + path).joined(separator: " ")
    let candidates = words(after: path) + (path.isEmpty ? ["help"] : [])
    // A task's name without the word before it: "classify" for "train classify".
    let inner = word.flatMap { word in commands.first { $0.path.last?.utf8.elementsEqual(word.utf8) == true } }
    let near = word.flatMap { Failure.nearest(to: $0, among: candidates) }
    let advice =
      near.map { "Perhaps '\(place) \($0)' was meant." }
      ?? inner.map { "Perhaps '\(program) \($0.name)' was meant." }
      ?? (path.isEmpty
        ? "'\(program) help' lists the commands." : "It is one of \(candidates.joined(separator: ", ")).")
    let found = word.map { Failure.shown($0) } ?? "the end of the command line"
    return Failure(.usage, at: place, "a command expected, found \(found)", advice: advice)
  }

  private static func isSame(_ left: ArraySlice<String>, _ right: ArraySlice<String>) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }
}
