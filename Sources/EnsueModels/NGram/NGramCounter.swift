// Counting: one pass over the text for each order. A pass takes blocks of the text, sorts the n-grams of a block as
// pairs (n-gram without its last symbol, last symbol) of 64 bits, and merges them into those before. Memory holds the
// different n-grams and one block, however long the text is.

import EnsueFiles

/// Counts the n-grams of a text.
struct NGramCounter {
  let configuration: NGramModelConfiguration
  let tokenCount: Int
  let tokens: (Range<Int>) throws -> [Int32]
  /// The most n-grams of all orders together.
  let limit: Int

  private static let blockSize = 1 << 22

  /// The n-grams that were seen, with their numbers.
  /// - Throws: `Failure` of kind `data` for a symbol outside the vocabulary, of kind `configuration` where there are
  ///   more than `limit` n-grams, and whatever the text throws.
  func tree() throws -> NGramTree {
    var tree = NGramTree(levels: [NGramLevel(counts: try symbolCounts())])
    var total = configuration.vocabularySize
    for depth in 1..<configuration.order {
      let (keys, counts) = try pairs(atDepth: depth, in: tree, room: limit - total)
      total += keys.count
      var starts = [UInt32](repeating: 0, count: tree.levels[depth - 1].count + 1)
      for key in keys { starts[Int(key >> 32) + 1] += 1 }
      for index in 1..<starts.count { starts[index] += starts[index - 1] }
      tree.levels[depth - 1].starts = starts
      tree.levels.append(NGramLevel(words: keys.map { UInt32(truncatingIfNeeded: $0) }, counts: counts))
    }
    return tree
  }

  private func symbolCounts() throws -> [UInt32] {
    guard configuration.vocabularySize <= limit else { throw tooMany }
    var counts = [UInt32](repeating: 0, count: configuration.vocabularySize)
    try forEachBlock(overlap: 0) { block in
      for id in block {
        guard id >= 0, id < configuration.vocabularySize else {
          throw Failure(.data, "symbols below \(configuration.vocabularySize) expected, found \(id)")
        }
        if counts[Int(id)] < .max { counts[Int(id)] += 1 }
      }
    }
    return counts
  }

  /// The n-grams of depth + 1 symbols as sorted keys, parent << 32 | last symbol, with their counts.
  private func pairs(atDepth depth: Int, in tree: NGramTree, room: Int) throws -> (keys: [UInt64], counts: [UInt32]) {
    var (keys, counts): ([UInt64], [UInt32]) = ([], [])
    try forEachBlock(overlap: depth) { block in
      var found: [UInt64] = []
      found.reserveCapacity(block.count)
      // An end of a sentence may be the first or the last symbol of an n-gram, and none between.
      var lastEnd = -1
      for (place, symbol) in block.enumerated() {
        if place >= depth, lastEnd <= place - depth, let parent = tree.find(block[place - depth..<place]) {
          found.append(UInt64(parent) << 32 | UInt64(UInt32(bitPattern: symbol)))
        }
        if symbol == configuration.sentenceEnd { lastEnd = place }
      }
      found.sort()
      (keys, counts) = NGramCounter.merged(keys, counts, found)
      guard keys.count <= room else { throw tooMany }
    }
    return (keys, counts)
  }

  private var tooMany: Failure {
    Failure(
      .configuration, at: "order", "at most \(limit) different runs of symbols expected, found more",
      advice: "Take a smaller order or vocabulary.")
  }

  /// Blocks of the text; each begins `overlap` symbols before the former one ends.
  private func forEachBlock(overlap: Int, _ body: ([Int32]) throws -> Void) throws {
    for start in stride(from: 0, to: tokenCount, by: NGramCounter.blockSize) {
      let end = min(tokenCount, start + NGramCounter.blockSize + overlap)
      try body(tokens(start..<end))
    }
  }

  /// Adds sorted keys, each as often as it stands there, to counted ones.
  private static func merged(
    _ keys: [UInt64], _ counts: [UInt32], _ added: [UInt64]
  ) -> (keys: [UInt64], counts: [UInt32]) {
    var (allKeys, allCounts): ([UInt64], [UInt32]) = ([], [])
    allKeys.reserveCapacity(keys.count + added.count / 2)
    allCounts.reserveCapacity(keys.count + added.count / 2)
    var (old, new) = (0, 0)
    while old < keys.count || new < added.count {
      let key = min(old < keys.count ? keys[old] : .max, new < added.count ? added[new] : .max)
      var count: UInt32 = 0
      if old < keys.count, keys[old] == key {
        count = counts[old]
        old += 1
      }
      while new < added.count, added[new] == key {
        if count < .max { count += 1 }
        new += 1
      }
      allKeys.append(key)
      allCounts.append(count)
    }
    return (allKeys, allCounts)
  }
}
