// The ends of phrases in generated chorales.

/// How a phrase ends.
enum CadenceKind: String, CaseIterable, Sendable {
  case authentic, half, plagal, deceptive

  /// The last two chords.
  func chords(_ random: inout SplitMix64) -> (approach: HarmonyChord, close: HarmonyChord) {
    switch self {
    case .authentic: (HarmonyChord.drawn([(.dominant, 2), (.dominantSeventh, 1)], &random), .tonic)
    case .half: (HarmonyChord.drawn([(.subdominant, 2), (.supertonic, 1)], &random), .dominant)
    case .plagal: (.subdominant, .tonic)
    case .deceptive: (.dominant, .submediant)
    }
  }
}
