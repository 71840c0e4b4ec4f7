// The program as users meet it: a process with arguments, input, output, an exit code. Output goes to files, so that
// no full pipe can stop it; a process that takes too long is ended and said to have.

import EnsueFiles
import Foundation

/// What a process did.
struct ProgramResult: Sendable, CustomStringConvertible {
  /// The exit code; nil for a process that a signal ended.
  let code: Int32?
  let signal: Int32?
  let timedOut: Bool
  let output: [UInt8]
  let error: [UInt8]

  var outputText: String { String(decoding: output, as: UTF8.self) }
  var errorText: String { String(decoding: error, as: UTF8.self) }
  var outputLines: [String] { ProgramResult.lines(outputText) }
  var errorLines: [String] { ProgramResult.lines(errorText) }

  var description: String {
    let end = code.map { "exit code \($0)" } ?? "signal \(signal ?? 0)"
    return "\(end)\(timedOut ? ", out of time" : "")\n\(outputText.prefix(2000))\n\(errorText.prefix(2000))"
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}

/// A process that may still run.
final class RunningProgram: Sendable {
  private let process: Process
  private let ended = DispatchSemaphore(value: 0)
  private let folder: String

  /// - Parameter folder: a new folder for what the process writes, removed after it.
  fileprivate init(
    _ executable: String, _ arguments: [String], in directory: String, input: [UInt8], _ changes: [String: String]
  )
    throws
  {
    folder = NSTemporaryDirectory() + "ensue-process-" + UUID().uuidString
    try OutputFile.createDirectory(folder)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    var environment = ProcessInfo.processInfo.environment
    environment["COLUMNS"] = nil
    environment["ENSUE"] = Program.path
    process.environment = environment.merging(changes) { $1 }
    try Data(input).write(to: URL(fileURLWithPath: "\(folder)/input"))
    for name in ["output", "error"] { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
    process.standardInput = FileHandle(forReadingAtPath: "\(folder)/input")
    process.standardOutput = FileHandle(forWritingAtPath: "\(folder)/output")
    process.standardError = FileHandle(forWritingAtPath: "\(folder)/error")
    let ended = ended
    process.terminationHandler = { _ in ended.signal() }
    try Program.withInterrupts { try process.run() }
    self.process = process
  }

  var isRunning: Bool { process.isRunning }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end.
  func result(within seconds: Double = 60) throws -> ProgramResult {
    var timedOut = false
    if ended.wait(timeout: .now() + seconds) == .timedOut {
      timedOut = true
      send(SIGKILL)
      ended.wait()
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let isExit = process.terminationReason == .exit
    return ProgramResult(
      code: isExit ? process.terminationStatus : nil, signal: isExit ? nil : process.terminationStatus,
      timedOut: timedOut, output: try InputFile.contents(of: "\(folder)/output"),
      error: try InputFile.contents(of: "\(folder)/error"))
  }
}

/// The program that was built with these tests, beside them.
enum Program {
  static let path: String = {
    let own = Bundle.main.executablePath ?? CommandLine.arguments[0]
    let beside = OutputFile.directory(of: own) + "/ensue"
    return beside.hasPrefix("/") ? beside : FileManager.default.currentDirectoryPath + "/" + beside
  }()

  /// Starts a process that Ctrl-C reaches: it inherits what this thread blocks (the threads of Dispatch block
  /// everything) and what this process ignores (as one does that a shell has put in the background).
  fileprivate static func withInterrupts(_ body: () throws -> Void) rethrows {
    signal(SIGINT, SIG_DFL)
    var none = sigset_t()
    var former = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &former)
    defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
    try body()
  }

  static func start(
    _ arguments: [String], in directory: String, input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(path, arguments, in: directory, input: input, environment)
  }

  @discardableResult
  static func run(
    _ arguments: [String], in directory: String, input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> ProgramResult {
    try start(arguments, in: directory, input: input, environment: environment).result()
  }

  /// A command line with single spaces between its words; `∅` is the empty word, `␣` a space inside one.
  @discardableResult
  static func run(
    _ line: String, in directory: String, input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> ProgramResult {
    try run(words(line), in: directory, input: input, environment: environment)
  }

  static func words(_ line: String) -> [String] {
    line.split(separator: " ").map { $0 == "∅" ? "" : $0.replacingOccurrences(of: "␣", with: " ") }
  }

  /// A line of bash; the program's path is `$ENSUE`.
  static func shell(_ script: String, in directory: String, environment: [String: String] = [:]) throws -> ProgramResult
  {
    try RunningProgram("/bin/bash", ["-c", script], in: directory, input: [], environment).result()
  }

  /// Runs any other program found in PATH.
  static func other(_ words: [String], in directory: String) throws -> ProgramResult {
    try RunningProgram("/usr/bin/env", words, in: directory, input: [], [:]).result()
  }
}
