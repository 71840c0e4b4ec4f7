// What a training run needs to go on after any interruption: one file, written whole or not at all.

import EnsueFiles
import EnsueTensor

/// The checkpoints of a run: `step-000000123.safetensors`, the newest two kept.
///
/// A file holds tensors, the state of the loop as JSON in its metadata, and a digest of everything.
public struct CheckpointFolder: Sendable {
  public let path: String
  private static let keptCount = 2
  private static let stateKey = "ensue.state"

  public init(_ path: String) { self.path = path }

  private func name(_ step: Int) -> String {
    let digits = String(step)
    return "step-" + String(repeating: "0", count: max(0, 9 - digits.count)) + digits + ".safetensors"
  }

  private var names: [String] {
    get throws {
      guard InputFile.isDirectory(path) else { return [] }
      return try InputFile.names(in: path).filter { $0.hasPrefix("step-") && $0.hasSuffix(".safetensors") }
    }
  }

  /// Writes a checkpoint, then removes those older than the newest two.
  public func write(step: Int, tensors: [(name: String, tensor: Tensor)], state: JSONValue) throws {
    try OutputFile.createDirectory(path)
    try SafetensorsWriter.write(
      tensors, metadata: [(CheckpointFolder.stateKey, state.description)], to: "\(path)/\(name(step))")
    for old in try names.dropLast(CheckpointFolder.keptCount) { try OutputFile.remove("\(path)/\(old)") }
  }

  /// The newest checkpoint; nil when there is none.
  /// - Throws: `Failure` when it is damaged: going on from an older one is the user's decision.
  public func newest<Result>(
    _ body: (_ reader: borrowing SafetensorsReader, _ state: JSONObject, _ path: String) throws -> Result
  ) throws -> Result? {
    guard let name = try names.last else { return nil }
    let file = "\(path)/\(name)"
    do {
      let reader = try SafetensorsReader(file)
      try reader.verifyDigest(isRequired: true)
      guard let text = reader.metadata(CheckpointFolder.stateKey),
        case .object(let state) = try JSONValue.parse(Array(text.utf8), name: file)
      else { throw Failure(.data, at: file, "the state of a training run expected, found none") }
      return try body(reader, state, file)
    } catch let failure as Failure where failure.kind == .data {
      throw Failure(
        .data, at: failure.place, failure.problem,
        advice: "Remove this checkpoint to go on from the one before it, or the run folder to start again.")
    }
  }
}
