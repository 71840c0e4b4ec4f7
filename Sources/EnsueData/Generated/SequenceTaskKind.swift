// The sequence tasks by the names one types.

/// A task of `SequenceTaskRequest`.
public enum SequenceTaskKind: String, Codable, CaseIterable, Sendable {
  case latch
  case adding
  case copyMemory = "copy-memory"
  case reversal
  case chorales
  case generatedChorales = "generated-chorales"

  /// One line for help texts and tables.
  public var summary: String {
    switch self {
    case .latch: "keep one bit from the first steps through noise to the end (Bengio et al. 1994)"
    case .adding: "add the two marked numbers of a sequence (Hochreiter and Schmidhuber 1997)"
    case .copyMemory: "repeat ten symbols after a delay (Hochreiter and Schmidhuber 1997)"
    case .reversal: "give the symbols of a sequence in reverse"
    case .chorales: "the next chord of the JSB chorales (Boulanger-Lewandowski et al. 2012); a JSON file"
    case .generatedChorales: "the next chord of four-part harmony from a grammar; needs no files"
    }
  }

  /// Whether the task reads a file.
  public var needsFile: Bool {
    switch self {
    case .chorales: true
    case .latch, .adding, .copyMemory, .reversal, .generatedChorales: false
    }
  }
}
