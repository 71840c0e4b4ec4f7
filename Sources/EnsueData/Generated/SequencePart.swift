// Which part of a sequence task an example belongs to.

/// A part of a task's examples. Generated parts come from different random streams.
public enum SequencePart: String, Codable, CaseIterable, Sendable {
  case training, validation, test
}
