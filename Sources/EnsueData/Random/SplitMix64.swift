// Random numbers for splits, shuffles of files and generated sentences: SplitMix64.
// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
// The numbers of training (dropout, initial weights) come from elsewhere.

/// A counter-based generator: the n-th number is a function of the seed and n alone, so the sequence is the same
/// on every machine and with every version of the standard library.
package struct SplitMix64: Sendable {
  private let key: UInt64
  private var counter: UInt64 = 0

  /// - Parameters:
  ///   - seed: stream 0 of a seed is the published sequence.
  ///   - stream: separates uses of one seed.
  package init(seed: UInt64, stream: UInt64 = 0) {
    key = seed &+ SplitMix64.mixed(stream)
  }

  /// The number at `counter`, from 0.
  package func word(at counter: UInt64) -> UInt64 {
    SplitMix64.mixed(key &+ (counter &+ 1) &* 0x9E37_79B9_7F4A_7C15)
  }

  /// The next number of the sequence.
  package mutating func next() -> UInt64 {
    defer { counter &+= 1 }
    return word(at: counter)
  }

  /// A whole number in `0..<bound`, each equally likely (Lemire 2019: multiply, reject the short remainder).
  /// - Precondition: `bound` is at least 1.
  package mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "SplitMix64.below: the bound must be positive, it is \(bound)")
    let range = UInt64(bound)
    let threshold = (0 &- range) % range
    while true {
      let product = next().multipliedFullWidth(by: range)
      if product.low >= threshold { return Int(product.high) }
    }
  }

  /// Whether an event of probability `numerator / denominator` happens.
  package mutating func chance(_ numerator: Int, in denominator: Int) -> Bool { below(denominator) < numerator }

  /// One of `elements`, each equally likely.
  /// - Precondition: `elements` is not empty.
  package mutating func element<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

  /// Puts `elements` into a random order, each order equally likely (Fisher and Yates).
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) { elements.swapAt(last, below(last + 1)) }
  }

  private static func mixed(_ word: UInt64) -> UInt64 {
    var word = word
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
