// The completion script for bash 3.2 and later (macOS ships 3.2: no mapfile, no compopt, no associative arrays).

import EnsueFiles

extension CommandSet {
  func bashCompletion() -> String {
    """
    # Completion of \(program) for bash. In ~/.bashrc: eval "$(\(program) completion bash)"
    _\(program)() {
      local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
      local command='' next='' words='' options='' files='' helping='' index=1
      local IFS=$' \\t\\n'
      # bash makes '=' a word of its own in --name=value and in --set path=value.
      if [[ $current == '=' ]]; then
        current=''
      elif [[ $previous == '=' ]] && ((COMP_CWORD >= 2)); then
        previous=${COMP_WORDS[COMP_CWORD-2]}
      fi
      COMPREPLY=()
      if [[ ${COMP_WORDS[1]} == help ]] && ((COMP_CWORD > 1)); then
        helping=yes index=2
      fi
      for ((; index < COMP_CWORD; index++)); do
        next="${command:+$command }${COMP_WORDS[index]}"
        case $next in
          \(CommandSet.patterns(completionPaths.map { $0.joined(separator: " ") }))) command=$next ;;
          *) break ;;
        esac
      done
      case "$command $previous" in
    \(bashValues())
      esac
      case $command in
    \(bashContinuations())
      esac
      if [[ $helping ]]; then
        options='' files=''
      elif [[ $current == -* ]] || [[ -z $words$files ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$current"))
        return
      fi
      COMPREPLY=($(compgen -W "$words" -- "$current"))
      if [[ $files ]]; then _\(program)_files; fi
    }
    # File names may hold spaces and asterisks, so they are not split as words are.
    _\(program)_files() {
      local name=''
      while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$current")
      compopt -o filenames 2>/dev/null
    }
    complete -F _\(program) \(program)

    """
  }

  private func bashValues() -> String {
    completionValues.map { contexts, value in
      let action =
        switch value {
        case .names(let names):
          "COMPREPLY=($(compgen -W \(CommandSet.quoted(names.joined(separator: " "))) -- \"$current\"))"
        case .assignment(let paths):
          "COMPREPLY=($(compgen -W \(CommandSet.quoted(paths.joined(separator: " "))) -- \"$current\"))\n"
            + "      compopt -o nospace 2>/dev/null"
        case .file: "_\(program)_files"
        case .unknown: ":"
        }
      return "    \(CommandSet.patterns(contexts)))\n      \(action)\n      return\n      ;;"
    }.joined(separator: "\n")
  }

  private func bashContinuations() -> String {
    ([[]] + completionPaths).map { path in
      let next = continuation(of: path)
      let words = next.words + (path.isEmpty ? ["help"] : [])
      let options = next.options + (path.isEmpty ? ["--version"] : [])
      var lines = ["    \(CommandSet.quoted(path.joined(separator: " "))))"]
      lines.append("      words=\(CommandSet.quoted(words.joined(separator: " ")))")
      lines.append("      options=\(CommandSet.quoted(options.joined(separator: " ")))")
      if next.takesFiles { lines.append("      files=yes") }
      return (lines + ["      ;;"]).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
