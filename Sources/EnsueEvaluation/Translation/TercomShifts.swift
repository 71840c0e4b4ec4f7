// The search for shifts of the translation edit rate: phrases of a hypothesis that the reference has elsewhere are
// moved there while that saves more edits than it costs.

enum TercomShifts {
  private static let longestPhrase = 10
  private static let farthestPlace = 50
  private static let mostCandidates = 1000

  /// Edits and shifts that turn `words` into `reference`.
  static func edits(from words: [UInt32], to reference: [UInt32]) -> Int {
    if reference.isEmpty { return words.count }
    var distance = BandedEditDistance(words, reference)
    var shifts = 0
    var candidates = 0
    while let best = bestShift(distance, &candidates), candidates < mostCandidates, best.gain > 0 {
      distance = BandedEditDistance(best.shift.applied(to: distance.words), reference)
      shifts += 1
    }
    return shifts + distance.value
  }

  /// The candidate that saves most edits; of several the longest, then the one that begins first, then the one that
  /// goes to the earliest place.
  private static func bestShift(
    _ distance: BandedEditDistance, _ candidates: inout Int
  ) -> (gain: Int, shift: Shift)? {
    let alignment = distance.alignment()
    var best: (gain: Int, shift: Shift)?
    for start in distance.words.indices {
      let first = max(0, start - farthestPlace)
      guard first < distance.reference.count else { break }
      let places = first..<min(distance.reference.count, start + farthestPlace + 1)
      for place in places where distance.words[start] == distance.reference[place] {
        for length in 1...longestPhrase {
          let (word, other) = (start + length - 1, place + length - 1)
          guard word < distance.words.count, other < distance.reference.count,
            distance.words[word] == distance.reference[other]
          else { break }
          for shift in shifts(of: start, length, to: place, alignment) {
            let gain = distance.value - distance.value(after: shift)
            candidates += 1
            if best.map({ isBetter(gain, shift, than: $0) }) ?? true { best = (gain, shift) }
          }
          if candidates >= mostCandidates { return best }
        }
      }
    }
    return best
  }

  /// Where a phrase may go that is wrong where it is and missing where the reference has it: before each of the
  /// words that stand there.
  private static func shifts(
    of start: Int, _ length: Int, to place: Int, _ alignment: EditAlignment
  ) -> [Shift] {
    guard alignment.wordIsWrong[start..<(start + length)].contains(true),
      alignment.referenceIsWrong[place..<(place + length)].contains(true),
      !(start..<(start + length) ~= alignment.wordOfReference[place])
    else { return [] }
    var targets: [Int] = []
    for offset in -1..<length {
      let target = place + offset == -1 ? 0 : alignment.wordOfReference[place + offset] + 1
      if target != targets.last { targets.append(target) }
    }
    return targets.map { Shift(start: start, length: length, target: $0) }
  }

  private static func isBetter(_ gain: Int, _ shift: Shift, than best: (gain: Int, shift: Shift)) -> Bool {
    (gain, shift.length, -shift.start, -shift.target)
      > (best.gain, best.shift.length, -best.shift.start, -best.shift.target)
  }
}

/// A phrase that goes elsewhere.
struct Shift {
  let start: Int
  let length: Int
  /// Before which word it goes, as they are counted without the shift.
  let target: Int

  func applied(to words: [UInt32]) -> [UInt32] {
    let phrase = words[start..<(start + length)]
    if target < start {
      return Array(words[..<target] + phrase + words[target..<start] + words[(start + length)...])
    }
    // A target within the phrase counts from its end, as in sacreBLEU.
    let end = target > start + length ? target : min(length + target, words.count)
    return Array(words[..<start] + words[(start + length)..<end] + phrase + words[end...])
  }

  /// The words that may have changed.
  func changed(in count: Int) -> Range<Int> {
    if target < start { return target..<(start + length) }
    return start..<(target > start + length ? target : min(length + target, count))
  }
}
