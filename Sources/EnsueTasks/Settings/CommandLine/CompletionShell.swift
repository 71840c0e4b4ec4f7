// The shells with a completion script.

/// A shell that completion scripts are made for.
package enum CompletionShell: String, Codable, CaseIterable, Sendable {
  case bash
  case zsh
}
