// The completion script for zsh 5: commands and options come with their explanation.

import EnsueFiles

extension CommandSet {
  func zshCompletion() -> String {
    """
    #compdef \(program)
    # Completion of \(program) for zsh. As _\(program) in a folder of $fpath, or in ~/.zshrc after compinit:
    # eval "$(\(program) completion zsh)"
    _\(program)() {
      local current=${words[CURRENT]} previous=${words[CURRENT-1]} command='' next=''
      local -i index=2 helping=0 files=0
      local -a subcommands options
      if [[ $current == --*=* ]] || [[ $previous == --set && $current == *=* ]]; then
        previous=${current%%=*}
        if [[ $previous == --set && ${current#*=} == *=* ]]; then
          compset -P '*='
          current=${current#*=}
          previous=${current%%=*}
        fi
        compset -P '*='
        current=${current#*=}
      fi
      if [[ ${words[2]} == help ]] && ((CURRENT > 2)); then
        helping=1
        index=3
      fi
      for ((; index < CURRENT; index++)); do
        next="${command:+$command }${words[index]}"
        case $next in
          \(CommandSet.patterns(completionPaths.map { $0.joined(separator: " ") }))) command=$next ;;
          *) break ;;
        esac
      done
      case "$command $previous" in
    \(zshValues())
      esac
      case $command in
    \(zshContinuations())
      esac
      if ((helping)); then
        options=() files=0
      elif [[ $current == -* ]] || ((! files && ! $#subcommands)); then
        _describe -o 'option' options
        return
      fi
      (($#subcommands)) && _describe 'command' subcommands
      ((files)) && _files
      return 0
    }
    if [[ ${funcstack[1]} == _\(program) ]]; then
      _\(program) "$@"
    elif (($+functions[compdef])); then
      compdef _\(program) \(program)
    fi

    """
  }

  private func zshValues() -> String {
    completionValues.map { contexts, value in
      let action =
        switch value {
        case .names(let names): "compadd -- \(names.joined(separator: " "))"
        case .assignment(let paths): "compadd -S '' -- \(paths.joined(separator: " "))"
        case .file: "_files"
        case .unknown: "_message 'value'"
        }
      return "    \(CommandSet.patterns(contexts)))\n      \(action)\n      return\n      ;;"
    }.joined(separator: "\n")
  }

  private func zshContinuations() -> String {
    ([[]] + completionPaths).map { path in
      var words = self.words(after: path).map { word in
        CommandSet.described(word, command(path + [word])?.summary ?? "\(word) ...")
      }
      words += command(path)?.positionals.flatMap { $0.kind.names }.map { CommandSet.quoted($0) } ?? []
      if path.isEmpty { words.append(CommandSet.described("help", "explain the program or a command")) }
      let next = continuation(of: path)
      var lines = ["    \(CommandSet.quoted(path.joined(separator: " "))))"]
      lines.append("      subcommands=(\(words.joined(separator: " ")))")
      lines.append("      options=(\n\(zshOptions(of: path, next))\n      )")
      if next.takesFiles { lines.append("      files=1") }
      return (lines + ["      ;;"]).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private func zshOptions(of path: [String], _ continuation: Continuation) -> String {
    let options = continuation.options + (path.isEmpty ? ["--version"] : [])
    return options.map { spelling in
      let option = command(path)?.options.first { option in
        guard let name = option.name else { return false }
        return spelling == "--\(name)" || option.isNegatable && spelling == "--no-\(name)"
      }
      let help = option.map { spelling == "--\($0.name ?? "")" ? $0.help : "not: \($0.help)" }
      return "        " + CommandSet.described(spelling, help ?? CommandSet.help(ofBuiltIn: spelling))
    }.joined(separator: "\n")
  }

  private static func help(ofBuiltIn spelling: String) -> String {
    switch spelling {
    case "--version": "print the version"
    case "--config": "settings from a JSON file"
    default: "show help"
    }
  }

  /// A word and its explanation, as `_describe` takes it: colons in the word escaped, quoted for the shell.
  private static func described(_ word: String, _ explanation: String) -> String { quoted("\(word):\(explanation)") }
}
