// Reversing a sequence: which input an answer needs is known beforehand, so that attention can be judged by where it
// looks (the copying task of Graves, Wayne and Danihelka, Neural Turing machines, 2014, backwards).

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// T symbols; the answer at step i of 1 … T is the symbol of step T + 1 − i.
///
/// Every symbol is equally likely, and none tells anything of another. Input: one-hot; the same symbols are the answers.
public struct Reversal: SequenceTask {
  /// T
  public let length: Int
  /// K, how many different symbols there are.
  public let symbolCount: Int
  public let seed: UInt64

  /// - Throws: `Failure` of kind `configuration` when a number is out of range.
  public init(length: Int = 10, symbolCount: Int = 8, seed: UInt64 = 1) throws {
    try SequenceTaskSetting.check(length, in: 1...SequenceTaskSetting.longest, "the length of reversal")
    try SequenceTaskSetting.check(symbolCount, in: 2...256, "the different symbols of reversal")
    (self.length, self.symbolCount, self.seed) = (length, symbolCount, seed)
  }

  public var kind: SequenceTaskKind { .reversal }
  public var summary: String { "\(length) of \(symbolCount) symbols in reverse" }
  public var inputSize: Int { symbolCount }
  public var outputSize: Int { symbolCount }
  public var targetKind: SequenceTargetKind { .symbolAtEveryStep }
  public func count(of part: SequencePart) -> Int? { nil }

  /// The step whose symbol is the answer at a step, both counted from 0.
  public func source(of step: Int) -> Int { length - 1 - step }

  public func example(_ index: Int, of part: SequencePart) -> SequenceExample {
    var random = SplitMix64(seed: seed, task: kind, part: part, index: index)
    let symbols = (0..<length).map { _ in random.below(symbolCount) }
    var inputs = [Float](repeating: 0, count: length * symbolCount)
    for (step, symbol) in symbols.enumerated() { inputs[step * symbolCount + symbol] = 1 }
    let answers = (0..<length).map { Int32(symbols[source(of: $0)]) }
    return SequenceExample(inputSize: symbolCount, inputs: inputs, target: .symbols(answers), judged: 0..<length)
  }

  /// ln K
  public func baseline(on part: SequencePart) -> SequenceBaseline {
    SequenceBaseline(loss: log(Double(symbolCount)), meaning: "symbols at random: ln \(symbolCount)")
  }
}
