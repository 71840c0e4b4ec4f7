// Names that nobody has: syllables in order.

/// A name has two to four syllables. A syllable is an onset, a vowel and perhaps a coda; the first may begin with its
/// vowel, and only the last may end in two consonants. The first letter is a capital.
enum NameGrammar: TextGrammar {
  static let onsets = [
    "b", "br", "c", "ch", "d", "dr", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "r", "s", "sh", "st", "t", "th",
    "tr", "v", "w", "z",
  ]
  static let vowels = ["a", "e", "i", "o", "u", "ae", "ei", "ia", "ou"]
  static let innerCodas = ["l", "m", "n", "r", "s"]
  static let lastCodas = ["d", "k", "l", "ld", "m", "n", "nd", "r", "rt", "s", "st", "th", "x"]
  static let syllableCounts = 2...4

  /// The bytes of the longest name.
  private static let longest = syllableCounts.upperBound * 6

  static var characters: String {
    let letters = Set((onsets + vowels + innerCodas + lastCodas).flatMap(\.utf8)).sorted()
    let capitals = Set((onsets + vowels).compactMap(\.utf8.first)).sorted().map { $0 - 32 }
    return String(decoding: capitals + letters, as: UTF8.self)
  }

  static func sample(_ random: inout SplitMix64) -> String {
    // Three in ten have three syllables, one in ten has four.
    let count = random.element(of: [2, 2, 2, 2, 2, 2, 3, 3, 3, 4])
    var name = ""
    for syllable in 0..<count {
      if syllable > 0 || random.chance(4, in: 5) { name += random.element(of: onsets) }
      name += random.element(of: vowels)
      if syllable == count - 1 {
        if random.chance(1, in: 2) { name += random.element(of: lastCodas) }
      } else if random.chance(1, in: 4) {
        name += random.element(of: innerCodas)
      }
    }
    var bytes = Array(name.utf8)
    bytes[0] -= 32
    return String(decoding: bytes, as: UTF8.self)
  }

  static func isValid(_ sample: [UInt8]) -> Bool {
    guard let first = sample.first, sample.count <= longest, !first.isLowercaseLetter else { return false }
    let name = [first | 32] + sample.dropFirst()
    guard name.allSatisfy(\.isLowercaseLetter) else { return false }
    // Where the syllables read so far may end: a name can often be read in several ways.
    var ends: Set<Int> = [0]
    for syllable in 1...syllableCounts.upperBound {
      let starts = after(onsets, in: name, from: ends).union(syllable == 1 ? ends : [])
      let open = after(vowels, in: name, from: starts)
      if syllable >= syllableCounts.lowerBound, after(lastCodas, in: name, from: open).union(open).contains(name.count)
      {
        return true
      }
      ends = after(innerCodas, in: name, from: open).union(open)
    }
    return false
  }

  /// Where one of the parts ends that begins at one of the places.
  private static func after(_ parts: [String], in name: [UInt8], from places: Set<Int>) -> Set<Int> {
    Set(
      places.flatMap { place in
        parts.compactMap { name[place...].starts(with: $0.utf8) ? place + $0.utf8.count : nil }
      })
  }
}
