// What a whole command line asks for.

/// The meaning of a command line.
package enum Invocation: Sendable {
  /// A command with its arguments.
  case run(ParsedArguments)
  /// Help about these words; about the program when there are none.
  case help([String])
  /// The completion script of a shell.
  case completion(CompletionShell)
  /// The version.
  case version
}
