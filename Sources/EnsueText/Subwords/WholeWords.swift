// Words that need no cutting, and words that were cut before.

/// The words that a model makes one token of: found by one look in a table.
struct WholeWords: Sendable, Equatable {
  private var table: ByteTable
  private var ids: [Int32] = []

  /// Asks the model about each of its tokens.
  init(_ model: SubwordModel) {
    let tokens = model.tokens
    table = ByteTable(capacity: tokens.count)
    var workspace = SubwordWorkspace()
    var found: [Int32] = []
    for id in 0..<tokens.count {
      let word = model.surface(of: tokens[id])
      if word.isEmpty || word.count > WordCache.longestWord { continue }
      found.removeAll(keepingCapacity: true)
      model.append(word.span, to: &found, with: &workspace)
      if found.count == 1, table.insert(word).isNew { ids.append(found[0]) }
    }
  }

  @inline(__always)
  func id(of word: Span<UInt8>) -> Int32? { table.find(word).map { ids[$0] } }
}

/// The words of one call that were cut before, up to a fixed number of them.
struct WordCache {
  static let longestWord = 64
  /// In a text of fewer words hardly one comes again: keeping them costs more than cutting.
  static let worthwhileWords = 200
  private static let maximumCount = 1 << 17

  private var table = ByteTable()
  private var ends: [Int] = [0]
  private var ids: [Int32] = []

  /// Appends the ids of a word that was cut before.
  @inline(__always)
  func append(_ word: Span<UInt8>, to result: inout [Int32]) -> Bool {
    guard let index = table.find(word) else { return false }
    for place in ends[index]..<ends[index + 1] { result.append(ids[place]) }
    return true
  }

  /// Keeps what a word was cut into.
  mutating func keep(_ word: Span<UInt8>, _ tokens: ArraySlice<Int32>) {
    guard table.count < WordCache.maximumCount else { return }
    table.insert(word)
    ids += tokens
    ends.append(ids.count)
  }
}
