// Four-part chorales from a grammar, for when the JSB chorales are not there: the same shape (88 keys, quarter notes,
// the next step), harmony that can be learned in part, and chance that cannot.

/// Pieces in four voices: chords drawn from a Markov grammar of degrees (`HarmonyChord.successors`) in phrases with
/// cadences, in any of the 24 keys, set for voices that move little, with held notes and passing notes.
///
/// The seed decides the pieces, not the grammar. The same prediction and the same loss as `ChoralesTask`.
public struct GeneratedChorales: SequenceTask {
  public let trainingCount: Int
  public let validationCount: Int
  public let testCount: Int
  /// The phrases of a piece; a phrase has 8 or 12 steps.
  public let phraseCounts: ClosedRange<Int>
  public let seed: UInt64

  /// By default as many pieces as the JSB chorales, of about their lengths.
  /// - Throws: `Failure` of kind `configuration` when a number is out of range.
  public init(
    trainingCount: Int = 229, validationCount: Int = 76, testCount: Int = 77, phraseCounts: ClosedRange<Int> = 4...9,
    seed: UInt64 = 1
  ) throws {
    for (count, name) in [(trainingCount, "training"), (validationCount, "validation"), (testCount, "test")] {
      try SequenceTaskSetting.check(count, in: 1...100_000, "the number of generated \(name) chorales")
    }
    try SequenceTaskSetting.check(phraseCounts.lowerBound, in: 1...100, "the fewest phrases of a generated chorale")
    try SequenceTaskSetting.check(phraseCounts.upperBound, in: 1...100, "the most phrases of a generated chorale")
    (self.trainingCount, self.validationCount, self.testCount) = (trainingCount, validationCount, testCount)
    (self.phraseCounts, self.seed) = (phraseCounts, seed)
  }

  public var kind: SequenceTaskKind { .generatedChorales }
  public var inputSize: Int { PianoKeys.count }
  public var outputSize: Int { PianoKeys.count }
  public var targetKind: SequenceTargetKind { .multiHotAtEveryStep }

  public var summary: String {
    "the next step of generated chorales (\(trainingCount) training, \(validationCount) validation, \(testCount) test)"
  }

  public func count(of part: SequencePart) -> Int? { pieceCount(of: part) }

  public func example(_ index: Int, of part: SequencePart) -> SequenceExample {
    piece(index, of: part).nextStepExample
  }

  public func baseline(on part: SequencePart) -> SequenceBaseline {
    SequenceBaseline(
      loss: KeyFrequencies(of: pieces(of: .training)).loss(on: pieces(of: part)),
      meaning: "each key as often as in the training part")
  }

  /// A piece as its steps.
  public func piece(_ index: Int, of part: SequencePart) -> PianoRoll {
    let score = score(index, of: part)
    return PianoRoll(score.steps.map { PianoKeys($0.notes) })
  }

  /// A piece as its chords and, step by step, its voices; and its key.
  package func score(_ index: Int, of part: SequencePart)
    -> (keynote: Int, isMinor: Bool, segments: [HarmonySegment], steps: [FourVoices])
  {
    precondition(index < pieceCount(of: part), "\(kind.rawValue): the \(part.rawValue) example \(index) does not exist")
    var random = SplitMix64(seed: seed, task: kind, part: part, index: index)
    let (keynote, isMinor) = (random.below(12), random.chance(1, in: 2))
    let phraseCount = phraseCounts.lowerBound + random.below(phraseCounts.count)
    let segments = HarmonySegment.piece(phraseCount: phraseCount, &random)
    var voices: [FourVoices] = []
    for segment in segments {
      let pitchClasses = segment.chord.pitchClasses(isMinor: isMinor).map { ($0 + keynote) % 12 }
      let inverted = segment.chord == .leadingTone || !segment.closesPhrase && random.chance(1, in: 4)
      voices.append((voices.last ?? .start).moved(to: pitchClasses, inverted: inverted, &random))
    }
    let scale = (isMinor ? [0, 2, 3, 5, 7, 8, 11] : [0, 2, 4, 5, 7, 9, 11]).map { ($0 + keynote) % 12 }
    return (keynote, isMinor, segments, GeneratedChorales.steps(segments, voices, scale, &random))
  }

  /// Each chord for its steps. Half of the held chords that the music goes on from get a passing note: a voice about to
  /// leap a third walks it.
  private static func steps(
    _ segments: [HarmonySegment], _ voices: [FourVoices], _ scale: [Int], _ random: inout SplitMix64
  ) -> [FourVoices] {
    var steps: [FourVoices] = []
    for (index, segment) in segments.enumerated() {
      steps += Array(repeating: voices[index], count: segment.duration)
      guard segment.duration == 2, !segment.closesPhrase, random.chance(1, in: 2) else { continue }
      let (here, next) = (voices[index].notes, voices[index + 1].notes)
      for voice in (0..<4).reversed() where 3...4 ~= abs(next[voice] - here[voice]) {
        let between = min(here[voice], next[voice]) + 1..<max(here[voice], next[voice])
        var passing = here
        guard let note = between.first(where: { scale.contains($0 % 12) }) else { continue }
        passing[voice] = note
        guard zip(passing, passing.dropFirst()).allSatisfy(<) else { continue }
        steps[steps.count - 1] = FourVoices(notes: passing)
        break
      }
    }
    return steps
  }

  private func pieces(of part: SequencePart) -> [PianoRoll] { (0..<pieceCount(of: part)).map { piece($0, of: part) } }

  private func pieceCount(of part: SequencePart) -> Int {
    switch part {
    case .training: trainingCount
    case .validation: validationCount
    case .test: testCount
    }
  }
}
