// Bass, tenor, alto and soprano of one chord, and how they move to the next.

/// The MIDI notes of four voices, strictly ascending: bass, tenor, alto, soprano.
package struct FourVoices: Sendable, Equatable {
  /// What each voice can sing.
  package static let ranges = [40...60, 48...67, 55...74, 60...81]

  package var notes: [Int]

  /// Where the voices of a piece start from.
  static let start = FourVoices(notes: [48, 57, 62, 69])

  /// The voices of the next chord: the bass takes the root (or the third, when `inverted`), the others the arrangement
  /// of least movement that has all notes of the chord, no unison and no gap above an octave, with some chance.
  /// - Parameter pitchClasses: of the chord, 0..<12, the root first.
  func moved(to pitchClasses: [Int], inverted: Bool, _ random: inout SplitMix64) -> FourVoices {
    let root = FourVoices.notes(of: [pitchClasses[inverted ? 1 : 0]], voice: 0)
    let bass = cheapest(root, &random) { [notes] in abs($0 - notes[0]) } ?? notes[0]
    // The tune goes somewhere rather than stay.
    let tune = notes[3] + random.below(9) - 4
    let candidates = (1...3).map { FourVoices.notes(of: pitchClasses, voice: $0) }
    // There is always a candidate: the ranges leave seven semitones above every lower voice, and no chord of this
    // grammar has a gap above six.
    var best = (cost: Int.max, notes: notes)
    for tenor in candidates[0] where tenor > bass {
      for alto in candidates[1] where alto > tenor && alto - tenor <= 12 {
        for soprano in candidates[2] where soprano > alto && soprano - alto <= 12 {
          let sounding = 1 << (bass % 12) | 1 << (tenor % 12) | 1 << (alto % 12) | 1 << (soprano % 12)
          let cost =
            abs(tenor - notes[1]) + abs(alto - notes[2]) + 2 * abs(soprano - tune)
            + 40 * (pitchClasses.count - sounding.nonzeroBitCount) + random.below(4)
          // The dear count of parallels only where it can matter.
          guard cost < best.cost else { continue }
          let voices = [bass, tenor, alto, soprano]
          let whole = cost + 8 * parallels(to: voices)
          if whole < best.cost { best = (whole, voices) }
        }
      }
    }
    return FourVoices(notes: best.notes)
  }

  /// Pairs of voices that move together in fifths or octaves, which the style forbids.
  private func parallels(to next: [Int]) -> Int {
    var count = 0
    for low in 0..<3 {
      for high in (low + 1)..<4 where notes[low] != next[low] {
        let interval = (notes[high] - notes[low]) % 12
        if (interval == 0 || interval == 7) && (next[high] - next[low]) % 12 == interval { count += 1 }
      }
    }
    return count
  }

  private func cheapest(_ notes: [Int], _ random: inout SplitMix64, _ cost: (Int) -> Int) -> Int? {
    var best: (cost: Int, note: Int)?
    for note in notes {
      let cost = cost(note) + random.below(3)
      if cost < best?.cost ?? .max { best = (cost, note) }
    }
    return best?.note
  }

  private static func notes(of pitchClasses: [Int], voice: Int) -> [Int] {
    ranges[voice].filter { pitchClasses.contains($0 % 12) }
  }
}
