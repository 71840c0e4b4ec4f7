// The copying problem: many symbols kept at once.
// Hochreiter and Schmidhuber 1997, in the form of Arjovsky, Shah and Bengio, "Unitary evolution recurrent neural
// networks", ICML 2016, section 5.1.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ten symbols out of eight, a delay, a delimiter; then the ten symbols are to be repeated in order.
///
/// With S symbols to remember and delay T the sequence has T + 2S steps: S symbols, T − 1 blanks, the delimiter, S
/// blanks. The answer is blank for T + S steps, then the symbols.
///
/// Input: one-hot; the symbols 0..<K, then blank (`blank`), then the delimiter. Answers: the symbols and blank.
public struct CopyMemory: SequenceTask {
  public let delay: Int
  /// S, how many symbols are remembered.
  public let rememberedCount: Int
  /// K, how many different symbols there are.
  public let symbolCount: Int
  public let seed: UInt64

  /// - Throws: `Failure` of kind `configuration` when a number is out of range.
  public init(delay: Int = 100, rememberedCount: Int = 10, symbolCount: Int = 8, seed: UInt64 = 1) throws {
    try SequenceTaskSetting.check(delay, in: 1...SequenceTaskSetting.longest, "the delay of the copying problem")
    try SequenceTaskSetting.check(rememberedCount, in: 1...1_000, "the symbols to remember of the copying problem")
    try SequenceTaskSetting.check(symbolCount, in: 2...256, "the different symbols of the copying problem")
    (self.delay, self.rememberedCount) = (delay, rememberedCount)
    (self.symbolCount, self.seed) = (symbolCount, seed)
  }

  public var kind: SequenceTaskKind { .copyMemory }
  public var summary: String { "\(rememberedCount) of \(symbolCount) symbols repeated after \(delay) steps" }
  public var inputSize: Int { symbolCount + 2 }
  public var outputSize: Int { symbolCount + 1 }
  public var targetKind: SequenceTargetKind { .symbolAtEveryStep }
  public func count(of part: SequencePart) -> Int? { nil }

  /// The symbol of a step that says nothing, in inputs and answers.
  public var blank: Int { symbolCount }
  /// The symbol that asks for the answer, in inputs only.
  public var delimiter: Int { symbolCount + 1 }
  /// T + 2S
  public var length: Int { delay + 2 * rememberedCount }

  public func example(_ index: Int, of part: SequencePart) -> SequenceExample {
    var random = SplitMix64(seed: seed, task: kind, part: part, index: index)
    let symbols = (0..<rememberedCount).map { _ in random.below(symbolCount) }
    let shown = symbols + Array(repeating: blank, count: length - rememberedCount)
    var inputs = [Float](repeating: 0, count: length * inputSize)
    for (step, symbol) in shown.enumerated() {
      inputs[step * inputSize + (step == delay + rememberedCount - 1 ? delimiter : symbol)] = 1
    }
    let silent = Array(repeating: Int32(blank), count: delay + rememberedCount)
    return SequenceExample(
      inputSize: inputSize, inputs: inputs, target: .symbols(silent + symbols.map(Int32.init)),
      judged: (length - rememberedCount)..<length)
  }

  /// S ln K / (T + 2S)
  public func baseline(on part: SequencePart) -> SequenceBaseline {
    let guessed = Double(rememberedCount) * log(Double(symbolCount))
    return SequenceBaseline(
      loss: guessed / Double(length),
      meaning: "blanks, then symbols at random: \(rememberedCount) ln \(symbolCount) / \(length)")
  }
}
