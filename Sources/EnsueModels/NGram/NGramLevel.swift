// The n-grams of one length, as one level of a tree: an n-gram hangs below the one without its last symbol.

/// N-grams of one length, sorted by their first symbols and, below the same ones, by the last.
struct NGramLevel: Sendable, Equatable {
  /// The last symbol of each n-gram. Empty for single symbols: there n-gram i is the symbol i.
  var words: [UInt32] = []
  /// How often each was seen; for the lower orders of Kneser and Ney, after how many different symbols.
  var counts: [UInt32]
  /// Where the longer n-grams that begin with each one stand in the next level, and at the end their number. Empty for
  /// the longest.
  var starts: [UInt32] = []

  var count: Int { counts.count }

  /// The longer n-grams that begin with one.
  func children(of index: Int) -> Range<Int> { Int(starts[index])..<Int(starts[index + 1]) }

  /// The n-gram of `range` that ends with a symbol.
  func find(_ word: UInt32, in range: Range<Int>) -> Int? {
    words.withUnsafeBufferPointer { words in
      var (low, high) = (range.lowerBound, range.upperBound)
      while low < high {
        let middle = (low + high) / 2
        if words[middle] < word { low = middle + 1 } else { high = middle }
      }
      return low < range.upperBound && words[low] == word ? low : nil
    }
  }
}
