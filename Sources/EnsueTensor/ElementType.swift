// The number types of a tensor.

import EnsueKernels

/// The type of a tensor's elements.
///
/// Models compute in 32 bits. The same operations run in 64 bits so that every derivative can be checked by
/// finite differences.
public enum ElementType: Sendable, CaseIterable {
  case float32
  case float64

  /// Bytes of one element.
  public var size: Int { self == .float32 ? 4 : 8 }

  package var kernel: EnsueElement { self == .float32 ? EnsueElementFloat32 : EnsueElementFloat64 }
}
