// Which features of a head are turned together.

import EnsueKernels

/// Which features of a head of d make a pair of rotary positions. The two are the same but for the order of a head's
/// features; a file's weights belong to one of them.
public enum RotaryLayoutKind: String, Codable, CaseIterable, Sendable {
  /// 2i and 2i + 1, as in the paper (Su et al. 2021) and in llama2.c.
  case interleaved
  /// i and i + d/2, as in Hugging Face's transformers.
  case halves

  public var summary: String {
    switch self {
    case .interleaved: "neighbours make a pair (Su et al. 2021; llama2.c)"
    case .halves: "a head's first half meets its second (Hugging Face)"
    }
  }

  var kernel: EnsueRotation {
    switch self {
    case .interleaved: EnsueRotationInterleaved
    case .halves: EnsueRotationHalves
    }
  }

  /// The number of the pair that a feature of a head of `size` belongs to, and whether it is the pair's first.
  func pair(of feature: Int, size: Int) -> (index: Int, isFirst: Bool) {
    switch self {
    case .interleaved: (feature / 2, feature.isMultiple(of: 2))
    case .halves: (feature % (size / 2), feature < size / 2)
    }
  }
}
