// A chord with its duration, and the phrases that chords make.

/// A chord of a generated chorale.
package struct HarmonySegment: Sendable, Equatable {
  package let chord: HarmonyChord
  /// In steps, 1 or 2.
  package let duration: Int
  /// Whether it is the last of its phrase.
  package let closesPhrase: Bool
}

extension HarmonySegment {
  /// The chords of a piece: phrases of 8 or 12 steps, each closed by a cadence that is held for two steps. The first
  /// chord is the tonic, and the last cadence authentic.
  static func piece(phraseCount: Int, _ random: inout SplitMix64) -> [HarmonySegment] {
    var segments: [HarmonySegment] = []
    for phrase in 0..<phraseCount {
      let cadence: CadenceKind =
        phrase == phraseCount - 1
        ? .authentic
        : HarmonyChord.drawn([(.authentic, 8), (.half, 5), (.plagal, 1), (.deceptive, 2)], &random)
      let steps = random.chance(1, in: 4) ? 12 : 8
      segments += HarmonySegment.phrase(steps, after: segments.last?.chord, cadence, &random)
    }
    return segments
  }

  private static func phrase(
    _ steps: Int, after previous: HarmonyChord?, _ cadence: CadenceKind, _ random: inout SplitMix64
  ) -> [HarmonySegment] {
    let (approach, close) = cadence.chords(&random)
    var segments: [HarmonySegment] = []
    var last = previous
    var left = steps - 3
    while left > 0 {
      let duration = min(left, random.chance(1, in: 4) ? 2 : 1)
      left -= duration
      let chord = last.map { $0.successor(before: left == 0 ? approach : nil, &random) } ?? .tonic
      segments.append(HarmonySegment(chord: chord, duration: duration, closesPhrase: false))
      last = chord
    }
    segments.append(HarmonySegment(chord: approach, duration: 1, closesPhrase: false))
    segments.append(HarmonySegment(chord: close, duration: 2, closesPhrase: true))
    return segments
  }
}
