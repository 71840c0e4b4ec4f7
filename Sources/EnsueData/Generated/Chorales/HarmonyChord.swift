// The chords of generated chorales: the degrees of a key and what may follow what, as textbooks of harmony have it.

/// A chord by its degree.
package enum HarmonyChord: String, CaseIterable, Sendable {
  case tonic, supertonic, mediant, subdominant, dominant, dominantSeventh, submediant, leadingTone

  /// Its pitch classes above the keynote, in semitones, the root first.
  package func pitchClasses(isMinor: Bool) -> [Int] {
    switch self {
    case .tonic: isMinor ? [0, 3, 7] : [0, 4, 7]
    case .supertonic: isMinor ? [2, 5, 8] : [2, 5, 9]
    case .mediant: isMinor ? [3, 7, 10] : [4, 7, 11]
    case .subdominant: isMinor ? [5, 8, 0] : [5, 9, 0]
    case .dominant: [7, 11, 2]
    case .dominantSeventh: [7, 11, 2, 5]
    case .submediant: isMinor ? [8, 0, 3] : [9, 0, 4]
    case .leadingTone: [11, 2, 5]
    }
  }

  /// The chords that may follow, with weights that sum to 16.
  package var successors: [(chord: HarmonyChord, weight: Int)] {
    switch self {
    case .tonic:
      [
        (.subdominant, 5), (.dominant, 3), (.submediant, 3), (.supertonic, 2), (.dominantSeventh, 1), (.mediant, 1),
        (.leadingTone, 1),
      ]
    case .supertonic: [(.dominant, 8), (.dominantSeventh, 4), (.leadingTone, 2), (.submediant, 1), (.tonic, 1)]
    case .mediant: [(.submediant, 8), (.subdominant, 6), (.supertonic, 2)]
    case .subdominant: [(.dominant, 6), (.tonic, 4), (.supertonic, 3), (.dominantSeventh, 2), (.leadingTone, 1)]
    case .dominant: [(.tonic, 9), (.submediant, 4), (.dominantSeventh, 2), (.subdominant, 1)]
    case .dominantSeventh: [(.tonic, 13), (.submediant, 3)]
    case .submediant: [(.supertonic, 6), (.subdominant, 5), (.dominant, 3), (.mediant, 2)]
    case .leadingTone: [(.tonic, 14), (.mediant, 2)]
    }
  }

  /// A chord that may follow, by weight; when `goal` is given, one that the goal may follow.
  func successor(before goal: HarmonyChord? = nil, _ random: inout SplitMix64) -> HarmonyChord {
    let fitting = successors.filter { candidate in
      goal.map { goal in candidate.chord.successors.contains { $0.chord == goal } } ?? true
    }
    return HarmonyChord.drawn(fitting.isEmpty ? successors : fitting, &random)
  }

  /// One of several by weight.
  static func drawn<Value>(_ choices: [(Value, weight: Int)], _ random: inout SplitMix64) -> Value {
    var place = random.below(choices.reduce(0) { $0 + $1.weight })
    for (value, weight) in choices {
      if place < weight { return value }
      place -= weight
    }
    return choices[choices.count - 1].0
  }
}
