// Finding added tokens: at each place the longest that fits, from left to right.

/// Cuts a text into added tokens and what lies between them.
///
/// Time: the length of the text times the longest added token at worst; places where none can begin cost one look.
struct AddedTokenFinder: Sendable, Equatable {
  private let trie: PieceTrie
  /// By the place in the trie: the token and its id.
  private let tokens: [AddedToken]
  private let ids: [Int32]
  private let canBegin: [Bool]

  var isEmpty: Bool { tokens.isEmpty }

  /// - Parameter tokens: What to look for, which token that is, and its id.
  init(_ tokens: [(text: [UInt8], token: AddedToken, id: Int32)]) {
    var trie = PieceTrie()
    var canBegin = [Bool](repeating: false, count: 256)
    for (index, entry) in tokens.enumerated().reversed() {
      guard let first = entry.text.first else { continue }
      trie.insert(entry.text, id: Int32(index))
      canBegin[Int(first)] = true
    }
    self.trie = trie
    self.tokens = tokens.map(\.token)
    self.canBegin = canBegin
    ids = tokens.map(\.id)
  }

  /// Calls `body` with each part in order and the id where it is a token.
  func forEachPart(of text: [UInt8], _ body: (Range<Int>, Int32?) -> Void) {
    let span = text.span
    var (position, handed) = (0, 0)
    // White space is known to reach so far, so that no stretch of it is walked twice.
    var spaceEnd = 0
    while position < span.count {
      guard canBegin[Int(span[position])], let match = trie.longestMatch(in: span, from: position, to: span.count)
      else {
        position += 1
        continue
      }
      let token = tokens[Int(match.id)]
      if !token.isSingleWord || isWord(span, position..<match.end) {
        var (start, end) = (position, match.end)
        if token.stripsLeft { start = spaceStart(span, before: start, notBefore: handed) }
        if token.stripsRight {
          if end > spaceEnd { spaceEnd = endOfSpace(span, from: end) }
          end = max(end, spaceEnd)
        }
        if handed < start { body(handed..<start, nil) }
        body(start..<end, ids[Int(match.id)])
        handed = end
      }
      position = match.end
    }
    if handed < span.count { body(handed..<span.count, nil) }
  }

  private func isWord(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let table = ScalarTable.shared
    if range.lowerBound > 0 {
      var before = text.scalarStart(before: range.lowerBound)
      if table.take(text, &before).contains(.word) { return false }
    }
    var after = range.upperBound
    return after == text.count || !table.take(text, &after).contains(.word)
  }

  private func spaceStart(_ text: Span<UInt8>, before end: Int, notBefore limit: Int) -> Int {
    var start = end
    while start > limit {
      let before = text.scalarStart(before: start)
      var position = before
      guard ScalarTable.shared.take(text, &position).contains(.space) else { break }
      start = before
    }
    return max(start, limit)
  }

  private func endOfSpace(_ text: Span<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count {
      var position = end
      guard ScalarTable.shared.take(text, &position).contains(.space) else { break }
      end = position
    }
    return end
  }
}
