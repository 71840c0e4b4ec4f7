// A peer's process: started with --serve, it measures a block for each `run` line and answers with a line of JSON.
// The protocol is described in Benchmarks/README.md.

import Ensue
import Foundation

/// What a peer answered for one block.
struct PeerBlock: Sendable {
  let tokensPerSecond: Double?
  let seconds: Double?
  /// How often the block lost a core to something else.
  let preemptions: Int
  /// What did the work, such as `PyTorch 2.15.0`.
  let version: String
  /// Where the peer measures several things, the figure of each by the name of its row.
  let rows: JSONObject?
  /// What the peer wants people to know.
  let remark: String?

  /// - Parameter answer: the peer's line.
  init(_ answer: JSONObject, name: String) {
    (tokensPerSecond, seconds) = (answer["tokensPerSecond"]?.doubleValue, answer["seconds"]?.doubleValue)
    preemptions = answer["preemptions"]?.integerValue ?? 0
    version = answer["version"]?.stringValue ?? name
    (rows, remark) = (answer["rows"]?.objectValue, answer["remark"]?.stringValue)
  }

  /// The figure that compares with Ensue's in this row.
  func figure(_ row: RowDescription) -> Double? {
    if let rows { return rows[row.name]?.doubleValue }
    switch row.unit {
    case .tokensPerSecond: return tokensPerSecond
    case .seconds, .milliseconds, .microseconds:
      return row.unit.length.flatMap { length in seconds.map { $0 / length } }
    case .megabytesPerSecond, .operationsPerSecond, .elementsPerSecond: return nil
    }
  }
}

/// A running peer.
final class Peer {
  private let name: String
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  /// Standard error goes to a file: a pipe nobody reads would fill up and stop the peer.
  private let errorPath: String
  private var buffer: [UInt8] = []

  /// Starts the peer and waits until it is warm.
  /// - Throws: `Failure` with the peer's own words when it cannot run here.
  init(script: String, arguments: [String], places: Places, options: BenchOptions) throws {
    name = script
    errorPath = FileManager.default.temporaryDirectory.path + "/ensue-bench-\(getpid())-\(script).log"
    guard FileManager.default.createFile(atPath: errorPath, contents: nil),
      let errors = FileHandle(forWritingAtPath: errorPath)
    else { throw Failure.system(.cannotCreate, at: errorPath, "cannot be created") }
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // -B: no __pycache__ in the repository.
    process.arguments =
      [
        places.python, "-B", "\(places.benchmarks)/peers/\(script).py", "--serve", "--threads", "\(options.threads)",
        "--seconds", "\(options.seconds)",
      ] + arguments
    var environment = ProcessInfo.processInfo.environment
    environment["ENSUE_DATA"] = places.data
    process.environment = environment
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    do {
      try process.run()
      guard try line() == "ready" else { throw Failure(.data, at: name, "`ready` expected of the peer") }
    } catch {
      stop()
      throw error
    }
  }

  /// Measures one block.
  func run() throws -> PeerBlock {
    try input.fileHandleForWriting.write(contentsOf: Data("run\n".utf8))
    let answer = try JSONValue.parse(Array(try line().utf8), name: "\(name).py").objectValue ?? JSONObject()
    return PeerBlock(answer, name: name)
  }

  /// Ends the process.
  func stop() {
    try? input.fileHandleForWriting.close()
    if process.isRunning { process.waitUntilExit() }
    try? FileManager.default.removeItem(atPath: errorPath)
  }

  /// The next line of standard output.
  private func line() throws -> String {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffer.removeSubrange(...end) }
        return String(decoding: buffer[..<end], as: UTF8.self)
      }
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { throw ended() }
      buffer.append(contentsOf: more)
    }
  }

  /// Why the peer ended: the last line it said.
  private func ended() -> Failure {
    process.waitUntilExit()
    let said = (try? InputFile.contents(of: errorPath, limit: 1 << 20)) ?? []
    let lines = String(decoding: said, as: UTF8.self).split(separator: "\n")
    let reason = lines.last.map { String($0.trimmingPrefix("error: ")) }
    return Failure(.missing, at: "peer", reason ?? "it ended with status \(process.terminationStatus)")
  }
}
