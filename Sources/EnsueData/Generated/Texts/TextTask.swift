// Samples of a kind of text without end.

import EnsueTensor

/// A supply of texts of one kind.
///
/// A sample is a function of kind, seed, part and index alone: asked for twice, in any order, on any thread, it is the
/// same.
public struct TextTask: Sendable, Equatable {
  public let kind: TextTaskKind
  public let seed: UInt64

  public init(_ kind: TextTaskKind, seed: UInt64 = 1) { (self.kind, self.seed) = (kind, seed) }

  /// A sample without its ending.
  /// - Precondition: `index` is not negative.
  public func sample(_ index: Int, of part: SequencePart = .training) -> String {
    precondition(index >= 0, "\(kind.rawValue): the sample \(index) does not exist, the first is 0")
    let key = RandomKey(seed: seed).derived("texts").derived(kind.rawValue).derived(part.rawValue).derived(index)
    var random = SplitMix64(seed: key.bits(at: 0), stream: key.bits(at: 1))
    return kind.grammar.sample(&random)
  }

  /// Several samples, each with its ending.
  public func text(_ indices: Range<Int>, of part: SequencePart = .training) -> String {
    indices.reduce(into: "") { $0 += sample($1, of: part) + kind.ending }
  }
}

extension TextTaskKind {
  /// The samples of a text of many; what stands after the last ending is one too.
  public func samples(in text: String) -> [String] {
    var samples: [String] = []
    var bytes = Array(text.utf8)[...]
    let ending = Array(self.ending.utf8)
    while !bytes.isEmpty {
      let end = bytes.indices.first { bytes[$0...].starts(with: ending) }
      samples.append(String(decoding: bytes[..<(end ?? bytes.endIndex)], as: UTF8.self))
      bytes = end.map { bytes[($0 + ending.count)...] } ?? []
    }
    return samples
  }
}
