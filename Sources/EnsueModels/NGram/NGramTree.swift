// All n-grams of a text up to some length.

/// N-grams by length: the n-grams of `levels[n - 1]` have n symbols.
///
/// Every n-gram but its last symbol, and every one but its first, is there too.
struct NGramTree: Sendable, Equatable {
  var levels: [NGramLevel]

  var order: Int { levels.count }

  /// The n-gram of these symbols, as its place in its level.
  /// - Parameter symbols: at most `order`, at least one.
  func find(_ symbols: ArraySlice<Int32>) -> Int? {
    var node = Int(symbols[symbols.startIndex])
    for (depth, symbol) in symbols.dropFirst().enumerated() {
      guard let child = levels[depth + 1].find(UInt32(symbol), in: levels[depth].children(of: node)) else { return nil }
      node = child
    }
    return node
  }

  /// The n-grams of each level that begin with a symbol.
  func ranges(beginningWith symbol: Int32) -> [Range<Int>] {
    var ranges = [Int(symbol)..<Int(symbol) + 1]
    for level in levels.dropLast() {
      let last = ranges[ranges.count - 1]
      ranges.append(Int(level.starts[last.lowerBound])..<Int(level.starts[last.upperBound]))
    }
    return ranges
  }

  /// The same tree with the counts of Kneser and Ney: below the highest order, of every n-gram the number of different
  /// symbols it was seen after.
  /// - Parameter sentenceEnd: what begins with it follows nothing, and keeps its counts; but for the symbol alone.
  func withContinuationCounts(sentenceEnd: Int32?) -> NGramTree {
    var result = self
    // The n-gram without its first symbol, as a place in the level above; of single symbols there is none.
    var suffixes: [UInt32] = []
    let kept = sentenceEnd.map { ranges(beginningWith: $0) }
    for depth in 1..<max(1, order) {
      suffixes = self.suffixes(atDepth: depth, above: suffixes)
      var counts = [UInt32](repeating: 0, count: levels[depth - 1].count)
      for suffix in suffixes { counts[Int(suffix)] += 1 }
      if depth > 1, let range = kept?[depth - 1] {
        for index in range { counts[index] = levels[depth - 1].counts[index] }
      }
      result.levels[depth - 1].counts = counts
    }
    return result
  }

  /// For every n-gram of a level, its place without its first symbol in the level above.
  private func suffixes(atDepth depth: Int, above: [UInt32]) -> [UInt32] {
    let level = levels[depth]
    if depth == 1 { return level.words }
    var suffixes = [UInt32](repeating: 0, count: level.count)
    for parent in 0..<levels[depth - 1].count {
      var candidates = levels[depth - 2].children(of: Int(above[parent]))
      for child in levels[depth - 1].children(of: parent) {
        // The tree holds the end of every n-gram.
        guard let found = levels[depth - 1].find(level.words[child], in: candidates) else { continue }
        suffixes[child] = UInt32(found)
        candidates = found + 1..<candidates.upperBound
      }
    }
    return suffixes
  }
}
