// How the first steps of the latching task tell the class.

/// The inputs of the first steps of `LatchTask`.
public enum LatchCueKind: String, Codable, CaseIterable, Sendable {
  /// One input: plus or minus one for as long as the class is shown, then the noise.
  case sign
  /// One input for the noise, and one for each class and step that is 1 there and 0 elsewhere. A weight on it is the
  /// trainable input `h_t^k` of the paper, which learns both the class's signal and its strength.
  case indicator
}
