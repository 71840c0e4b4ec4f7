// The latching problem: whatever solves it can store a bit for as long as it likes.
// Bengio, Simard and Frasconi, "Learning long-term dependencies with gradient descent is difficult", IEEE Transactions
// on Neural Networks 5(2), 1994, section II.

/// Two classes of sequences that differ in their first steps only; the rest is noise.
///
/// For t < L the input shows the class k ∈ {0, 1} (see `LatchCueKind`); for L ≤ t < T it is normal with mean 0 and
/// standard deviation s. The answer after step T is −0.8 for class 0 and +0.8 for class 1, or the class itself. The paper
/// has L = 3, s = 0.2 (later papers call that the variance), one unit x_t = tanh(w x_{t−1} + h_t), and counts the runs
/// that converge for each T.
public struct LatchTask: SequenceTask {
  /// The magnitude of the answer: a stable state of a tanh unit without driving it into saturation.
  public static let answer: Float = 0.8

  public let length: Int
  public let cueLength: Int
  public let noise: Double
  public let cue: LatchCueKind
  /// Whether the answer is the class (two logits) rather than ±0.8.
  public let asksForClass: Bool
  public let seed: UInt64

  /// - Parameters:
  ///   - length: T, all steps; more than L.
  ///   - cueLength: L, the steps that show the class.
  ///   - noise: s, 0...10.
  /// - Throws: `Failure` of kind `configuration` when one is out of range.
  public init(
    length: Int = 50, cueLength: Int = 3, noise: Double = 0.2, cue: LatchCueKind = .sign, asksForClass: Bool = false,
    seed: UInt64 = 1
  ) throws {
    try SequenceTaskSetting.check(cueLength, in: 1...1_000, "the steps of the latching task that show the class")
    try SequenceTaskSetting.check(
      length, in: (cueLength + 1)...SequenceTaskSetting.longest, "the length of the latching task",
      advice: "The class is shown in the first \(cueLength) steps.")
    try SequenceTaskSetting.check(noise, in: 0...10, "the noise of the latching task")
    (self.length, self.cueLength, self.noise) = (length, cueLength, noise)
    (self.cue, self.asksForClass, self.seed) = (cue, asksForClass, seed)
  }

  public var kind: SequenceTaskKind { .latch }
  public var summary: String { "one bit kept for \(length) steps, noise \(noise)" }
  public var outputSize: Int { asksForClass ? 2 : 1 }
  public var targetKind: SequenceTargetKind { asksForClass ? .classAtEnd : .numberAtEnd }

  public var inputSize: Int {
    switch cue {
    case .sign: 1
    case .indicator: 1 + 2 * cueLength
    }
  }

  public func count(of part: SequencePart) -> Int? { nil }

  public func example(_ index: Int, of part: SequencePart) -> SequenceExample {
    var random = SplitMix64(seed: seed, task: kind, part: part, index: index)
    let label = random.below(2)
    let size = inputSize
    var inputs = [Float](repeating: 0, count: length * size)
    for step in 0..<cueLength {
      switch cue {
      case .sign: inputs[step * size] = label == 1 ? 1 : -1
      case .indicator: inputs[step * size + 1 + label * cueLength + step] = 1
      }
    }
    for step in cueLength..<length { inputs[step * size] = Float(noise * random.normal()) }
    let answer = label == 1 ? LatchTask.answer : -LatchTask.answer
    return SequenceExample(
      inputSize: size, inputs: inputs, target: asksForClass ? .classIndex(Int32(label)) : .number(answer))
  }

  public func baseline(on part: SequencePart) -> SequenceBaseline {
    asksForClass
      ? SequenceBaseline(loss: 0.693_147_180_559_945_3, meaning: "both classes equally likely: ln 2")
      : SequenceBaseline(loss: 0.64, meaning: "always 0: 0.8²")
  }
}
