// A sequence task with its settings as one types them, before anything is checked or read.

import EnsueFiles

/// A request for a sequence task.
public struct SequenceTaskRequest: Sendable, Equatable {
  public var kind: SequenceTaskKind
  /// The steps of `latch`, the shortest sequence of `adding`, the delay of `copy-memory`, the length of
  /// `reversal`; the task's own default when `nil`. The chorales have the lengths they have.
  public var length: Int?
  /// The JSON file of `chorales`; `nil` for all others.
  public var path: String?
  /// Decides what is generated; nothing to do with the seed of training.
  public var seed: UInt64

  public init(kind: SequenceTaskKind, length: Int? = nil, path: String? = nil, seed: UInt64 = 1) {
    self.kind = kind
    self.length = length
    self.path = path
    self.seed = seed
  }

  /// Makes the task.
  /// - Throws: `Failure` when the length is out of range or the task has none, when a file is missing, not needed or
  ///   wrong.
  public func task() throws -> any SequenceTask {
    if let path, !kind.needsFile {
      throw Failure(
        .usage, "no file for the task \(kind.rawValue) expected, found \(Failure.shown(path))",
        advice: "Leave it out; the task is generated.")
    }
    switch kind {
    case .latch: return try LatchTask(length: length ?? 50, seed: seed)
    case .adding: return try AddingProblem(length: length ?? 100, seed: seed)
    case .copyMemory: return try CopyMemory(delay: length ?? 100, seed: seed)
    case .reversal: return try Reversal(length: length ?? 10, seed: seed)
    case .chorales:
      try refuseLength()
      guard let path else {
        throw Failure(
          .usage, "a file of chorales expected, found none",
          advice: "Name it, or take the task \(SequenceTaskKind.generatedChorales.rawValue), which needs none.")
      }
      return ChoralesTask(try ChoralesReader.read(path))
    case .generatedChorales:
      try refuseLength()
      return try GeneratedChorales(seed: seed)
    }
  }

  private func refuseLength() throws {
    guard let length else { return }
    throw Failure(
      .usage, "no length for the task \(kind.rawValue) expected, found \(length)",
      advice: "Leave it out; the pieces have their own lengths.")
  }
}
