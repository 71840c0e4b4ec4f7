// The words after a command's name to options and positional arguments:
// `--name value`, `--name=value`, `--flag`, `--no-flag`; `--` ends the options; `-` is a positional argument.
// Words are bytes: a combining mark after a dash must not hide the dash.

import EnsueFiles

struct CommandParser {
  private let command: Command
  private let program: String
  private var rest: ArraySlice<String>
  private var occurrences: [ParsedArguments.Occurrence] = []
  private var words: [String] = []
  private var byName: [[UInt8]: CommandOption] = [:]
  private var byNegation: [[UInt8]: CommandOption] = [:]

  init(_ command: Command, program: String, words: ArraySlice<String>) {
    self.command = command
    self.program = program
    rest = words
    for option in command.options {
      guard let name = option.name else { continue }
      byName[Array("--\(name)".utf8)] = option
      if option.isNegatable { byNegation[Array("--no-\(name)".utf8)] = option }
    }
  }

  mutating func parse() throws(Failure) -> ParsedArguments {
    var optionsEnded = false
    while let word = rest.popFirst() {
      if optionsEnded || !word.looksLikeOption {
        words.append(word)
      } else if word.utf8.count == 2 && word.utf8.starts(with: "--".utf8) {
        optionsEnded = true
      } else {
        try option(word)
      }
    }
    for option in command.options where option.isRequired {
      guard occurrences.contains(where: { $0.option.name == option.name }) else {
        throw usage("\(option.spelling) \(option.placeholder) expected (\(option.help)), found no such option")
      }
    }
    return ParsedArguments(command: command, occurrences: occurrences, positionals: try dealtWords())
  }

  private mutating func option(_ word: String) throws(Failure) {
    let sign = word.utf8.firstIndex(of: UInt8(ascii: "="))
    let name = String(word[..<(sign ?? word.utf8.endIndex)])
    let attached = sign.map { String(word[word.utf8.index(after: $0)...]) }
    if let option = byNegation[Array(name.utf8)] {
      try refuse(attached, of: name)
      try append(option, .boolean(false), text: "false", spelling: name)
    } else if let option = byName[Array(name.utf8)] {
      if option.kind == .flag {
        try refuse(attached, of: name, negation: option.isNegatable ? option.name : nil)
        try append(option, .boolean(true), text: "true", spelling: name)
      } else {
        // Not `??`: it loses the type of the error.
        let text = if let attached { attached } else { try nextValue(of: option) }
        try value(of: option, text, spelling: name)
      }
    } else {
      throw unknown(name)
    }
  }

  /// The word after an option. One that looks like an option is more likely a forgotten value than a value.
  private mutating func nextValue(of option: CommandOption) throws(Failure) -> String {
    guard let word = rest.first, !word.isLongOption, !word.utf8.elementsEqual("-h".utf8) else {
      let found = rest.first.map { Failure.shown($0) } ?? "the end of the command line"
      let advice = rest.first.map { _ in "A value that begins with dashes is written \(option.spelling)=VALUE." } ?? ""
      throw Failure(.usage, at: option.spelling, "\(option.kind.expectation) expected, found \(found)", advice: advice)
    }
    rest.removeFirst()
    return word
  }

  private mutating func value(of option: CommandOption, _ text: String, spelling: String) throws(Failure) {
    guard let value = option.kind.value(ofText: text) else {
      throw option.kind.failure(.usage, at: spelling, text: text, found: Failure.shown(text))
    }
    try append(option, value, text: text, spelling: spelling)
  }

  private mutating func append(_ option: CommandOption, _ value: JSONValue, text: String, spelling: String)
    throws(Failure)
  {
    if !option.isRepeatable, let former = occurrences.first(where: { $0.option.name == option.name }),
      former.value != value
    {
      let both = option.kind == .flag ? "both" : "\(Failure.shown(former.text)) and \(Failure.shown(text))"
      let place = option.kind == .flag ? "\(option.spelling), --no-\(option.name ?? "")" : spelling
      throw Failure(.usage, at: place, "one value expected, found \(both)")
    }
    occurrences.append(ParsedArguments.Occurrence(option: option, value: value, text: text))
  }

  private func refuse(_ value: String?, of name: String, negation: String? = nil) throws(Failure) {
    guard let value else { return }
    throw Failure(
      .usage, at: name, "no value expected, found \(Failure.shown(value))",
      advice: negation.map { "Write --\($0) or --no-\($0)." } ?? "Write \(name) alone.")
  }

  /// The words, each under the positional argument it belongs to.
  private func dealtWords() throws(Failure) -> [[String]] {
    var rest = words[...]
    var dealt: [[String]] = []
    for positional in command.positionals {
      let own = positional.isList ? rest : rest.prefix(1)
      if own.isEmpty && positional.isRequired {
        throw usage("\(positional.name) expected (\(positional.help)), found no such argument")
      }
      for word in own where positional.kind.value(ofText: word) == nil {
        throw positional.kind.failure(.usage, at: positional.name, text: word, found: Failure.shown(word))
      }
      dealt.append(Array(own))
      rest = rest.dropFirst(own.count)
    }
    if let word = rest.first {
      let limit = command.positionals.count
      let expected = limit == 0 ? "no argument" : limit == 1 ? "at most 1 argument" : "at most \(limit) arguments"
      throw usage("\(expected) expected, found \(Failure.shown(word))")
    }
    return dealt
  }

  private func unknown(_ name: String) -> Failure {
    let near = nearest(to: name)
    // An option's name, given as it is in the configuration: --training.seed.
    let path = command.options.first { $0.settingPath?.utf8.elementsEqual(name.utf8.dropFirst(2)) == true }?.settingPath
    let advice =
      path.map { "Write --set \($0)=VALUE." } ?? near.map { "Perhaps \($0) was meant." }
      ?? "'\(program) help \(command.name)' lists the options."
    return Failure(
      .usage, "an option of '\(program) \(command.name)' expected, found \(Failure.shown(name))", advice: advice)
  }

  /// The only option that begins so, else the nearest; the options of every command come after the command's own.
  private func nearest(to name: String) -> String? {
    let general = ["--config", "--set", "--help"]
    let own = command.spellings.filter { !general.contains($0) }
    let longer = own.filter { $0.utf8.starts(with: name.utf8) }
    if longer.count == 1 && name.utf8.count >= 5 { return longer[0] }
    return Failure.nearest(to: name, among: own + command.spellings.filter { general.contains($0) })
  }

  private func usage(_ problem: String) -> Failure {
    Failure(
      .usage, at: "\(program) \(command.name)", problem,
      advice: "'\(program) help \(command.name)' shows the usage.")
  }
}

extension String {
  /// Whether it begins with a dash and is more than that.
  var looksLikeOption: Bool { utf8.count > 1 && utf8.first == UInt8(ascii: "-") }

  /// Whether it begins with two dashes.
  var isLongOption: Bool { utf8.starts(with: "--".utf8) }

  /// Whether it asks for help.
  var isHelpOption: Bool { utf8.elementsEqual("-h".utf8) || utf8.elementsEqual("--help".utf8) }
}
