// The words that a word model knows, as the Penn Treebank and WikiText are read: what stands between spaces, and the
// end of every line as the word <eos> (Mikolov et al. 2010).

/// Words as ids: <eos> is 1, the others follow, the frequent ones first; 0 stands for every word that is not known.
///
/// A text's own `<unk>`, as the Penn Treebank has it, is a word like any other. The unknown id is never scored: nobody
/// can say which of all the others it was.
public struct WordList: Sendable, Equatable {
  public static let unknownID: Int32 = 0
  public static let endOfLineID: Int32 = 1
  public static let endOfLine = "<eos>"
  static let unknownText = "<unk>"

  /// The word of the id i + 1 at i.
  private let table: ByteTable

  /// The words of a text.
  /// - Parameters:
  ///   - bytes: UTF-8.
  ///   - minimumCount: rarer words are unknown.
  ///   - limit: the largest number of words, <eos> among them; nil for no limit.
  public init(counting bytes: [UInt8], minimumCount: Int = 1, limit: Int? = nil) {
    precondition(minimumCount >= 1 && limit ?? 1 >= 1, "a word list of at most \(limit ?? 1) words")
    var seen = ByteTable()
    var counts: [Int] = []
    seen.insert(Array(WordList.endOfLine.utf8))
    counts.append(1)
    WordList.forEachWord(of: bytes) { range in
      // Where a line ends stands nothing: <eos> is in the list whether there is one or not.
      guard !range.isEmpty else { return }
      let (index, isNew) = seen.insert(bytes.span.extracting(range))
      if isNew { counts.append(1) } else { counts[index] += 1 }
    }
    let frequent = (1..<seen.count).filter { counts[$0] >= minimumCount }.map { (index: $0, word: seen[$0]) }
      .sorted { left, right in
        counts[left.index] != counts[right.index]
          ? counts[left.index] > counts[right.index] : left.word.lexicographicallyPrecedes(right.word)
      }
    var table = ByteTable(capacity: frequent.count + 1)
    table.insert(seen[0])
    for (_, word) in frequent.prefix((limit ?? Int.max) - 1) { table.insert(word) }
    self.table = table
  }

  /// A list as it was stored.
  /// - Parameter words: <eos> first. nil is returned where it is not, and for words that come twice, are empty or hold
  ///   white space.
  public init?(words: [String]) {
    guard let first = words.first, first.utf8.elementsEqual(WordList.endOfLine.utf8) else { return nil }
    var table = ByteTable(capacity: words.count)
    for word in words {
      let bytes = Array(word.utf8)
      guard !bytes.isEmpty, !bytes.contains(where: WordList.isSpace), table.insert(bytes).isNew else { return nil }
    }
    self.table = table
  }

  /// The words by id, from 1 on.
  public var words: [String] { (0..<table.count).map { String(decoding: table[$0], as: UTF8.self) } }

  /// The number of ids: the words and the unknown id.
  public var idCount: Int { table.count + 1 }

  /// The id of a word; the unknown id where it is not known.
  public func id(of word: String) -> Int32 { table.find(Array(word.utf8)).map { Int32($0 + 1) } ?? WordList.unknownID }

  /// The word of an id; nil for the unknown id and for what is no id.
  public func word(of id: Int32) -> String? {
    id > 0 && id <= table.count ? String(decoding: table[Int(id) - 1], as: UTF8.self) : nil
  }

  /// The ids of a text, a line end as <eos>.
  public func encode(_ bytes: [UInt8]) -> [Int32] {
    var ids: [Int32] = []
    ids.reserveCapacity(bytes.count / 5)
    WordList.forEachWord(of: bytes) { range in
      ids.append(
        range.isEmpty
          ? WordList.endOfLineID : table.find(bytes.span.extracting(range)).map { Int32($0 + 1) } ?? WordList.unknownID)
    }
    return ids
  }

  /// Calls `body` with the place of every word, and with an empty range for every line end.
  private static func forEachWord(of bytes: [UInt8], _ body: (Range<Int>) -> Void) {
    var start = 0
    for place in bytes.indices {
      let byte = bytes[place]
      guard isSpace(byte) else { continue }
      if place > start { body(start..<place) }
      if byte == UInt8(ascii: "\n") { body(place..<place) }
      start = place + 1
    }
    if start < bytes.count { body(start..<bytes.count) }
  }

  /// Tab, line feed, vertical tab, form feed, carriage return, space.
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }
}
