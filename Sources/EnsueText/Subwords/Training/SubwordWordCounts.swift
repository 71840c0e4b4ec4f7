// The words of a text and how often each occurs: all that the trainers need to know of it.

/// Distinct words with their counts, in order of first occurrence.
struct SubwordWordCounts: Sendable {
  private(set) var words = ByteTable()
  private(set) var counts: [Int] = []
  /// Words that were longer than `longestWord` and were counted in parts.
  private(set) var cutWords = 0

  /// The longest word, in bytes; learning takes time by the square of it.
  static let longestWord = 4096

  var count: Int { counts.count }

  /// All occurrences.
  var total: Int { counts.reduce(0, +) }

  /// Counts a word of valid UTF-8.
  mutating func add(_ word: Span<UInt8>, count: Int = 1) {
    guard word.count > SubwordWordCounts.longestWord else { return addPart(word, count: count) }
    cutWords += count
    var start = 0
    while start < word.count {
      var end = min(start + SubwordWordCounts.longestWord, word.count)
      while end < word.count, word[end] & 0xC0 == 0x80, end > start + 1 { end -= 1 }
      addPart(word.extracting(start..<end), count: count)
      start = end
    }
  }

  private mutating func addPart(_ word: Span<UInt8>, count: Int) {
    if word.isEmpty { return }
    let (index, isNew) = words.insert(word)
    if isNew { counts.append(count) } else { counts[index] += count }
  }

  /// The same words in the order of their bytes: sums over them come out the same, whatever the text began with.
  func sorted() -> SubwordWordCounts {
    let order = (0..<count).sorted { left, right in
      words.bytes[words.offsets[left]..<words.offsets[left + 1]]
        .lexicographicallyPrecedes(words.bytes[words.offsets[right]..<words.offsets[right + 1]])
    }
    var result = SubwordWordCounts()
    for word in order {
      result.addPart(words.bytes.span.extracting(words.offsets[word]..<words.offsets[word + 1]), count: counts[word])
    }
    result.cutWords = cutWords
    return result
  }

  /// Where the scalars of the word begin in `words.bytes`, and its end.
  func scalarStarts(of word: Int) -> [Int] {
    let range = words.offsets[word]..<words.offsets[word + 1]
    return range.filter { words.bytes[$0] & 0xC0 != 0x80 } + [range.upperBound]
  }

  /// The UTF-8 of each scalar.
  static func scalars(of text: [UInt8]) -> [[UInt8]] {
    let starts = text.indices.filter { text[$0] & 0xC0 != 0x80 } + [text.count]
    return zip(starts, starts.dropFirst()).map { Array(text[$0..<$1]) }
  }

  /// How often each word occurs, by its UTF-8.
  func counted() -> [(spelling: [UInt8], count: Int)] { counts.indices.map { (words[$0], counts[$0]) } }

  /// How often each scalar occurs, by its UTF-8.
  func scalarCounts() -> [(spelling: [UInt8], count: Int)] {
    var table = ByteTable()
    var totals: [Int] = []
    for word in 0..<count {
      let starts = scalarStarts(of: word)
      for (start, end) in zip(starts, starts.dropFirst()) {
        let (index, isNew) = table.insert(words.bytes.span.extracting(start..<end))
        if isNew { totals.append(counts[word]) } else { totals[index] += counts[word] }
      }
    }
    return totals.indices.map { (table[$0], totals[$0]) }
  }

  /// The scalars of an alphabet, in the order of Unicode (which is that of their UTF-8): all, or the most frequent.
  func alphabet(limit: Int?) -> [[UInt8]] {
    var scalars = scalarCounts()
    if let limit, scalars.count > limit {
      scalars.sort { $0.count != $1.count ? $0.count > $1.count : $0.spelling.lexicographicallyPrecedes($1.spelling) }
      scalars.removeLast(scalars.count - limit)
    }
    return scalars.map(\.spelling).sorted { $0.lexicographicallyPrecedes($1) }
  }
}
