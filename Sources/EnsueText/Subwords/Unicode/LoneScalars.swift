// Scalars that are grapheme clusters by themselves, known without asking the standard library, which takes a string for
// every stretch it looks at.

/// Letters, ideographs and signs of whose neighbours none can join them: of two that stand beside each other a cluster
/// ends with the first (Unicode Standard Annex 29: `Grapheme_Cluster_Break` is `Other`, `LV` or `LVT`). Far from all
/// that there are, but most of what Latin, Greek, Cyrillic, Chinese, Japanese and Korean texts are made of.
package struct LoneScalars: Sendable {
  private static let ranges: [ClosedRange<UInt32>] = [
    // Left out: line ends, which may be one cluster of two, the soft hyphen, marks that combine or join, marks of
    // direction.
    0x00...0x09, 0x0B...0x0C, 0x0E...0xAC, 0xAE...0x2FF, 0x370...0x482, 0x48A...0x52F, 0x1E00...0x1FFF,
    0x2010...0x2027, 0x2030...0x205E, 0x20A0...0x20BF, 0x2100...0x2BFF, 0x3001...0x3029, 0x3031...0x303C,
    0x3041...0x3096, 0x309B...0x31FF, 0x3400...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF01...0xFF9D,
  ]

  package static let shared = LoneScalars()

  /// One bit a scalar of the first plane.
  private let bits: [UInt64]

  private init() {
    var bits = [UInt64](repeating: 0, count: 1 << 10)
    for scalar in LoneScalars.ranges.joined() { bits[Int(scalar >> 6)] |= 1 << UInt64(scalar & 63) }
    self.bits = bits
  }

  @inline(__always)
  package func contain(_ scalar: UInt32) -> Bool {
    scalar < 0x10000 && bits[Int(scalar >> 6)] >> UInt64(scalar & 63) & 1 == 1
  }
}
