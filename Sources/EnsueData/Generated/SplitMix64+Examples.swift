// Random numbers of one example: a stream of its own for each seed, task, part and index.

import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension SplitMix64 {
  /// The stream of one example.
  /// - Precondition: `index` is not negative.
  init(seed: UInt64, task: SequenceTaskKind, part: SequencePart, index: Int) {
    precondition(index >= 0, "\(task.rawValue): the example \(index) does not exist, the first is 0")
    let key = RandomKey(seed: seed).derived(task.rawValue).derived(part.rawValue).derived(index)
    self.init(seed: key.bits(at: 0), stream: key.bits(at: 1))
  }

  /// A number uniform on the multiples of 2⁻²⁴ in 0..<1, exact in single precision.
  mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A standard normal number (Box and Muller 1958). The last bit may depend on the system's logarithm.
  mutating func normal() -> Double {
    let radius = (-2 * log(Double((next() >> 11) + 1) * 0x1p-53)).squareRoot()
    return radius * cos(2 * Double.pi * Double(next() >> 11) * 0x1p-53)
  }
}
