// The substrings that a unigram vocabulary begins with: those that occur often, long ones first. A sorted list of all
// places of the words (a suffix array: Manber and Myers 1993) has equal beginnings side by side; the intervals of their
// common lengths (Kasai et al. 2001) are the substrings that can be followed in more than one way, and no others need be
// looked at.

/// Frequent substrings of words.
struct SubstringSeeds {
  /// A substring: where it is in the text, and how often it occurs.
  private struct Candidate {
    let start: Int
    let length: Int
    let count: Int
    /// Its count times its number of characters.
    let weight: Int
  }

  /// A place in a word.
  private struct Suffix {
    /// The first eight bytes, the first one uppermost: most comparisons end here.
    let head: UInt64
    let start: Int32
    let end: Int32
    let word: Int32
  }

  private let bytes: [UInt8]
  private let longest: Int
  private var suffixes: [Suffix] = []
  /// Occurrences of the suffixes before each.
  private var countsBefore: [Int] = [0]
  private var candidates: [Candidate] = []

  /// - Parameter longest: the longest substring, in characters.
  init(_ words: SubwordWordCounts, longest: Int) {
    bytes = words.words.bytes
    self.longest = longest
    for word in 0..<words.count {
      let starts = words.scalarStarts(of: word)
      for start in starts.dropLast() {
        suffixes.append(
          Suffix(
            head: head(start, starts[starts.count - 1]), start: Int32(start), end: Int32(starts[starts.count - 1]),
            word: Int32(word)))
      }
    }
    sortSuffixes()
    for suffix in suffixes {
      countsBefore.append(countsBefore[countsBefore.count - 1] + words.counts[Int(suffix.word)])
    }
    collect()
  }

  /// Substrings of two characters and more with their counts, the weightiest first.
  func best(_ limit: Int) -> [(piece: [UInt8], count: Int)] {
    let sorted = candidates.sorted { left, right in
      left.weight != right.weight
        ? left.weight > right.weight
        : bytes[left.start..<left.start + left.length].lexicographicallyPrecedes(
          bytes[right.start..<right.start + right.length])
    }
    return sorted.prefix(limit).map { (Array(bytes[$0.start..<$0.start + $0.length]), $0.count) }
  }

  private func head(_ start: Int, _ end: Int) -> UInt64 {
    var head: UInt64 = 0
    for offset in 0..<8 { head = head << 8 | (start + offset < end ? UInt64(bytes[start + offset]) : 0) }
    return head
  }

  private mutating func sortSuffixes() {
    let bytes = bytes
    suffixes.sort { left, right in
      if left.head != right.head { return left.head < right.head }
      let leftRest = bytes[min(Int(left.start) + 8, Int(left.end))..<Int(left.end)].prefix(256)
      let rightRest = bytes[min(Int(right.start) + 8, Int(right.end))..<Int(right.end)].prefix(256)
      if leftRest.elementsEqual(rightRest) { return left.start < right.start }
      return leftRest.lexicographicallyPrecedes(rightRest)
    }
  }

  /// The bytes that two neighbours have in common: whole characters, at most `longest`.
  private func commonLength(_ left: Suffix, _ right: Suffix) -> Int {
    let (left, right) = (bytes[Int(left.start)..<Int(left.end)], bytes[Int(right.start)..<Int(right.end)])
    let common = zip(left.prefix(256), right).prefix { $0 == $1 }.count
    return wholeScalars(left, common)
  }

  /// The length of the whole characters among the first `count` bytes, at most `longest` of them.
  private func wholeScalars(_ text: ArraySlice<UInt8>, _ count: Int) -> Int {
    var (length, scalars) = (0, 0)
    while scalars < longest, length < count {
      var next = length + 1
      while next < text.count, text[text.startIndex + next] & 0xC0 == 0x80 { next += 1 }
      if next > count { break }
      length = next
      scalars += 1
    }
    return length
  }

  /// Every interval of suffixes with a common beginning, and every suffix that is a piece by itself.
  private mutating func collect() {
    var open: [(length: Int, first: Int)] = []
    var former = 0
    for place in suffixes.indices {
      let next = place + 1 < suffixes.count ? commonLength(suffixes[place], suffixes[place + 1]) : 0
      let own = wholeScalars(bytes[Int(suffixes[place].start)..<Int(suffixes[place].end)], .max)
      if own > max(former, next), own == Int(suffixes[place].end - suffixes[place].start) {
        add(place, own, place..<place + 1)
      }
      var first = place
      // The intervals that end here.
      while let last = open.last, last.length > next {
        open.removeLast()
        add(place, last.length, last.first..<place + 1)
        first = last.first
      }
      if next > open.last?.length ?? 0 { open.append((next, first)) }
      former = next
    }
  }

  private mutating func add(_ place: Int, _ length: Int, _ range: Range<Int>) {
    let start = Int(suffixes[place].start)
    let count = countsBefore[range.upperBound] - countsBefore[range.lowerBound]
    let scalars = bytes[start..<start + length].count { $0 & 0xC0 != 0x80 }
    guard scalars >= 2, count >= 2 else { return }
    candidates.append(Candidate(start: start, length: length, count: count, weight: count * scalars))
  }
}
