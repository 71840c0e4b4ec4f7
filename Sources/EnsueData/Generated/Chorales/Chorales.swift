// The chorales as they were read, and what was found on the way.

import EnsueFiles

/// The JSB chorales in their three parts.
public struct Chorales: Sendable, Equatable {
  /// The file they come from.
  public let path: String
  /// The digest of that file.
  public let digest: Digest
  public let training: [PianoRoll]
  public let validation: [PianoRoll]
  public let test: [PianoRoll]
  public let report: ChoralesReport

  /// The pieces of a part.
  public func pieces(of part: SequencePart) -> [PianoRoll] {
    switch part {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }
}
