// The way from a command line to an exit code, and the only place that prints an error.
//
//   exit(Program(about: "…", version: "0.1.0", commands: [trainClassify], examples: […]).run(CommandLine.words))

import EnsueFiles
import EnsueTasks

/// The program: its commands, and what happens when it is called.
struct Program {
  let version: String
  private let commands: [ProgramCommand]
  private let set: CommandSet

  init(name: String = "ensue", about: String, version: String, commands: [ProgramCommand], examples: [CommandExample]) {
    self.version = version
    self.commands = commands
    set = CommandSet(program: name, about: about, commands: commands.map(\.description), examples: examples)
  }

  /// Does what the command line asks for.
  /// - Parameter arguments: the words of the command line, the program's name first.
  /// - Returns: the exit code: 0, that of `Failure.Kind`, or 130 after an interruption. A closed pipe is 0: the
  ///   reader has what it wanted.
  func run(_ arguments: () throws -> [String]) -> Int32 {
    var output = StandardOutput()
    do {
      do {
        try perform(Array(arguments().dropFirst()), &output)
      } catch let error where !(error is StandardOutput.ReaderIsGone) {
        // Results that came before the error are results.
        try? output.flush()
        throw error
      }
      try output.flush()
      return ExitStatus.success
    } catch is StandardOutput.ReaderIsGone {
      return ExitStatus.success
    } catch is Interruption.Stopped {
      return ExitStatus.interrupted
    } catch {
      StandardError.writeLine(ExitStatus.line(about: error))
      return ExitStatus.code(of: error)
    }
  }

  private func perform(_ arguments: [String], _ output: inout StandardOutput) throws {
    switch try set.invocation(for: arguments) {
    case .help(let topic): try output.write(set.help(about: topic, width: Terminal.width))
    case .completion(let shell): try output.write(set.completionScript(for: shell))
    case .version: try output.writeLine("\(set.program) \(version)")
    case .run(let parsed):
      guard let command = commands.first(where: { $0.description.path == parsed.command.path }) else {
        throw Failure(.internal, at: parsed.command.name, "a command with an implementation expected, found none")
      }
      try command.run(parsed, &output)
    }
  }
}
