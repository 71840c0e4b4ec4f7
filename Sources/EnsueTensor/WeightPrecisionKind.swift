// How many bits the weights of a model are kept in that is run and not trained.

/// The precision of packed weights. Sums are made in the precision of what the weights are multiplied by, whatever
/// their own.
public enum WeightPrecisionKind: String, Codable, CaseIterable, Sendable {
  /// As they are.
  case full = "float32"
  /// Rounded to the upper 16 of 32 bits, to nearest and ties to even: a relative error of at most 2⁻⁹ (bfloat16;
  /// Kalamkar et al., A study of bfloat16 for deep learning training, 2019).
  case bf16

  public var summary: String {
    switch self {
    case .full: "all bits"
    case .bf16: "half the memory, 8 bits of precision"
    }
  }

  /// Bytes of a packed weight.
  /// - Parameter type: of what it is multiplied by.
  func size(of type: ElementType) -> Int {
    switch self {
    case .full: type.size
    case .bf16: 2
    }
  }
}
