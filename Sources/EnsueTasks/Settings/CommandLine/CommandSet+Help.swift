// Help as text: about the program, about a command, about the commands below a word.

import EnsueFiles

extension CommandSet {
  /// The help about these words.
  /// - Parameter topic: as `Invocation.help` has it.
  package func help(about topic: [String], width: Int) -> String {
    if topic.isEmpty { return overview(width: width) }
    guard let command = command(topic) else { return help(below: topic, width: width) }
    var layout = TextLayout(width: width)
    layout.paragraph("\(program) \(command.name): \(command.summary)")
    layout.emptyLine()
    write(usageOf: command, to: &layout)
    write(text: command.discussion, to: &layout)
    write(argumentsOf: command, to: &layout)
    write(optionsOf: command, to: &layout)
    write(commandsBelow: topic, to: &layout)
    write(examples: command.examples, to: &layout)
    return layout.text
  }

  /// What the program is, its commands, examples, exit codes.
  private func overview(width: Int) -> String {
    var layout = TextLayout(width: width)
    layout.paragraph(about)
    layout.emptyLine()
    layout.paragraph("Usage: \(program) COMMAND [ARGUMENTS] [OPTIONS]", hanging: 7)
    write(commandsBelow: [], to: &layout)
    write(examples: examples, to: &layout)
    layout.emptyLine()
    layout.line("Exit codes:")
    layout.rows(ExitStatus.explanations)
    layout.emptyLine()
    layout.paragraph("'\(program) help COMMAND' explains a command and its options.")
    return layout.text
  }

  private func help(below topic: [String], width: Int) -> String {
    let name = ([program] + topic).joined(separator: " ")
    var layout = TextLayout(width: width)
    layout.paragraph("Usage: \(name) COMMAND [ARGUMENTS] [OPTIONS]", hanging: 7)
    if commands(below: topic).contains(where: \.hasSettings) {
      layout.paragraph("\(name) --config FILE [OPTIONS]", indent: 7)
    }
    write(commandsBelow: topic, to: &layout)
    layout.emptyLine()
    layout.paragraph("'\(program) help \(topic.joined(separator: " ")) COMMAND' explains a command and its options.")
    return layout.text
  }

  private func write(commandsBelow path: [String], to layout: inout TextLayout) {
    let listed = commands(below: path)
    let all = listed.map { (name: $0.name, explanation: $0.summary) }
    var groups: [String] = []
    for command in listed where !groups.contains(command.group) { groups.append(command.group) }
    for group in groups {
      var rows = listed.filter { $0.group == group }.map { (name: $0.name, explanation: $0.summary) }
      if path.isEmpty && group == "Help" {
        rows.insert(("help [COMMAND]", "explain the program or a command"), at: 0)
        rows.append(("--version", "print the version"))
      }
      layout.emptyLine()
      layout.line("\(group):")
      layout.rows(rows, alignedWith: all)
    }
  }

  private func write(usageOf command: Command, to layout: inout TextLayout) {
    var parts = ["Usage: \(program) \(command.name)"]
    parts += command.positionals.map(\.usage)
    parts += command.options.filter(\.isRequired).map { "\($0.spelling) \($0.placeholder)" }
    if !command.options.isEmpty { parts.append("[OPTIONS]") }
    layout.paragraph(parts.joined(separator: " "), hanging: 7)
  }

  private func write(text: String, to layout: inout TextLayout) {
    var paragraph: [String] = []
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) + [
      Substring().utf8[...]
    ] {
      if !line.isEmpty {
        paragraph.append(String(decoding: line, as: UTF8.self))
      } else if !paragraph.isEmpty {
        layout.emptyLine()
        layout.paragraph(paragraph.joined(separator: " "))
        paragraph = []
      }
    }
  }

  private func write(argumentsOf command: Command, to layout: inout TextLayout) {
    if command.positionals.isEmpty { return }
    layout.emptyLine()
    layout.line("Arguments:")
    layout.rows(
      command.positionals.map { positional in
        (positional.usage, positional.help + positional.kind.helpSuffix)
      })
  }

  private func write(optionsOf command: Command, to layout: inout TextLayout) {
    var own = command.options.filter { $0.settingPath == nil }.map(\.row)
    own.append(("-h, --help", "show this help"))
    layout.emptyLine()
    layout.line("Options:")
    let settings = command.options.filter { $0.settingPath != nil }
    layout.rows(own, alignedWith: settings.map(\.row))
    guard command.hasSettings else { return }
    layout.emptyLine()
    layout.paragraph("The settings below have their path and default in brackets, as --set and --config take them.")
    var sections: [String] = []
    for option in settings where !sections.contains(option.section) { sections.append(option.section) }
    for section in sections {
      layout.emptyLine()
      layout.line("\(CommandSet.title(of: section)):")
      layout.rows(settings.filter { $0.section == section }.map(\.row), alignedWith: own + settings.map(\.row))
    }
  }

  private func write(examples: [CommandExample], to layout: inout TextLayout) {
    if examples.isEmpty { return }
    layout.emptyLine()
    layout.line("Examples:")
    for example in examples {
      layout.paragraph("\(example.purpose):", indent: 2)
      layout.commandLine(example.line, indent: 4)
    }
  }

  /// `languageModel` as a heading: `Language model`.
  private static func title(of section: String) -> String {
    if section.isEmpty { return "General" }
    var title = ""
    for scalar in section.unicodeScalars {
      if scalar.properties.isUppercase { title += " " }
      title.unicodeScalars.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
    }
    guard let first = title.unicodeScalars.first else { return title }
    return first.properties.uppercaseMapping + String(title.unicodeScalars.dropFirst())
  }
}

extension CommandOption {
  /// The option and its explanation: `--hidden N`, `units of each layer; from 1 to 8192 [model.hiddenSize=128]`.
  fileprivate var row: (name: String, explanation: String) {
    var name = spelling
    if self.name == nil {
      name += "=\(placeholder)"
    } else if kind != .flag {
      name += " \(placeholder)"
    } else if isNegatable {
      name += ", --no-\(self.name ?? "")"
    }
    var explanation = help + kind.helpSuffix
    if isRepeatable { explanation += "; may be repeated" }
    if isRequired { explanation += "; required" }
    if let settingPath {
      explanation += " [\(settingPath)=\(defaultText ?? "")]"
    } else if let defaultText {
      explanation += " [\(defaultText)]"
    }
    return (name, explanation)
  }
}

extension SettingKind {
  /// What follows the explanation: `; from 1 to 8192`, `: lstm, gru`.
  fileprivate var helpSuffix: String {
    if bounds.isEmpty { return "" }
    if case .choice = base { return ": \(bounds)" }
    return "; \(bounds)"
  }
}
