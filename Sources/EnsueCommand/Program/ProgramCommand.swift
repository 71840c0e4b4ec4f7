// A command's description together with what it does.

import EnsueTasks

/// A command of the program.
struct ProgramCommand: Sendable {
  let description: Command
  let run: @Sendable (ParsedArguments, inout StandardOutput) throws -> Void

  init(_ description: Command, run: @escaping @Sendable (ParsedArguments, inout StandardOutput) throws -> Void) {
    self.description = description
    self.run = run
  }
}
