// Random numbers as functions of a position, not of a history: the same at any thread count, in any order, after
// any resume.

import EnsueKernels

/// A place in the space of random streams (Philox 4x32-10; Salmon et al. 2011).
///
/// A key is a value: drawing from it does not change it. Two draws that must differ derive two keys:
/// `key.derived("dropout").derived(step)`.
public struct RandomKey: Sendable, Hashable {
  let seed: UInt64
  let stream: UInt64

  public init(seed: UInt64) {
    self.seed = seed
    stream = 0
  }

  private init(seed: UInt64, stream: UInt64) {
    self.seed = seed
    self.stream = stream
  }

  /// The key of a named part of this one.
  public func derived(_ name: String) -> RandomKey {
    // FNV-1a over the name, then mixed with the parent.
    let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    return RandomKey(seed: seed, stream: RandomKey.mixed(stream &+ hash &+ 1))
  }

  /// The key of a numbered part of this one.
  public func derived(_ number: Int) -> RandomKey {
    RandomKey(seed: seed, stream: RandomKey.mixed(RandomKey.mixed(stream) ^ UInt64(bitPattern: Int64(number))))
  }

  /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 64 random bits at a position.
  public func bits(at position: Int) -> UInt64 {
    var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    withUnsafeMutableBytes(of: &words) {
      ensue_philox(seed, stream, UInt64(position), $0.assumingMemoryBound(to: UInt32.self).baseAddress)
    }
    return UInt64(words.0) << 32 | UInt64(words.1)
  }

  /// The numbers 0 ..< count in random order (Fisher–Yates).
  public func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    for last in stride(from: count - 1, to: 0, by: -1) {
      // The high product of 64 random bits and n is uniform on 0..<n to within 2⁻⁶⁴ n.
      let other = Int(bits(at: last).multipliedFullWidth(by: UInt64(last + 1)).high)
      order.swapAt(last, other)
    }
    return order
  }
}
