// Words and their tokens, for models that say something of each word: by its first token (Devlin, Chang, Lee and
// Toutanova, BERT, 2019, section 5.3).

/// Ids with those around them, and where the ids of each word begin.
public struct WordEncoding: Sendable, Equatable {
  public let encoding: SubwordEncoding
  /// For each word the place of its first id; nil for a word that was cut off.
  public let firstPlaces: [Int?]
}

extension SubwordTokenizer {
  /// A text as the model reads it, and its words.
  ///
  /// A word ends at white space and on both sides of a punctuation character or an ideograph, as BERT's words do, but
  /// never inside a token, nor between unknown characters that may have one token together. Characters without a token
  /// of their own belong to the word that they follow, else to none.
  /// - Parameter maximumLength: ids with those around the text.
  /// - Returns: the bytes of each word in the text's UTF-8, and the ids.
  public func encoding(
    ofWordsIn text: String, maximumLength: Int
  ) -> (words: [Range<Int>], encoding: WordEncoding) {
    let bytes = Array(text.utf8)
    let ids = encode(utf8: bytes)
    let (encoding, places) = surrounded(ids, maximumLength: maximumLength)
    var finder = WordFinder(
      tokenizer: self, text: bytes, ids: ids, room: places.count, byteLimit: WordFinder.bytesForID * maximumLength)
    let parts = WordFinder.parts(of: bytes)
    for (index, part) in parts.enumerated() { finder.take(part, before: parts.dropFirst(index + 1).first) }
    return (finder.words, WordEncoding(encoding: encoding, firstPlaces: finder.firstIDs.map { $0.map { places[$0] } }))
  }

  /// Words that were cut elsewhere, each read by itself as inside a text.
  /// - Parameters:
  ///   - absent: the id for a word without a token.
  ///   - maximumLength: ids with those around the words.
  public func encoding(ofWords words: [String], absent: Int32, maximumLength: Int) -> WordEncoding {
    let needsSpace = preTokenizer?.needsSpace ?? false
    var ids: [Int32] = []
    var firstIDs: [Int] = []
    for (index, word) in words.enumerated() {
      firstIDs.append(ids.count)
      let found = encode(index > 0 && needsSpace ? " " + word : word)
      ids += found.isEmpty ? [absent] : found
    }
    let (encoding, places) = surrounded(ids, maximumLength: maximumLength)
    return WordEncoding(encoding: encoding, firstPlaces: firstIDs.map { $0 < places.count ? places[$0] : nil })
  }

  /// As many of a text's ids as there is room for, with those around them.
  /// - Returns: also the place of each of the text's.
  private func surrounded(_ ids: [Int32], maximumLength: Int) -> (encoding: SubwordEncoding, places: [Int]) {
    let around = processed([SubwordEncoding()], addsSpecialTokens: true).ids.count
    let kept = SubwordEncoding(Array(ids.prefix(max(0, maximumLength - around))))
    let encoding = processed([kept], addsSpecialTokens: true)
    return (encoding, encoding.ids.indices.filter { !encoding.isSpecial[$0] })
  }
}

extension SubwordPreTokenizer {
  /// Whether only a space before a word says that it is not the beginning of another.
  fileprivate var needsSpace: Bool {
    switch self {
    case .sequence(let steps): steps.contains { $0.needsSpace }
    case .byteLevel(let addsPrefixSpace, _, _): !addsPrefixSpace
    case .metaspace(_, let prefix, _): prefix == .never
    case .bert, .whitespace, .whitespaceSplit, .punctuation, .digits, .split, .delimiter: false
    }
  }
}

/// Finds the words of a text among its ids. Where a word may end, the text so far is encoded by itself: if that gives
/// the first ids of the whole text, no token reaches over the place.
private struct WordFinder {
  /// How far a text is looked at, in bytes for each id that there may be: a bound for texts that are no language.
  static let bytesForID = 32

  let tokenizer: SubwordTokenizer
  let text: [UInt8]
  let ids: [Int32]
  /// How many of the ids are kept.
  let room: Int
  let byteLimit: Int
  /// The id that neighbouring unknown characters have together: it does not say where it ends.
  private let joinedUnknownID: Int32?
  private(set) var words: [Range<Int>] = []
  /// For each word the number of its first id; nil where that is not kept.
  private(set) var firstIDs: [Int?] = []
  /// How many ids there are before what comes next, and where that begins.
  private var count = 0
  private var end = 0
  /// Where a word begins that a token reaches beyond what was taken of it.
  private var start: Int?

  init(tokenizer: SubwordTokenizer, text: [UInt8], ids: [Int32], room: Int, byteLimit: Int) {
    (self.tokenizer, self.text, self.ids) = (tokenizer, text, ids)
    (self.room, self.byteLimit) = (room, byteLimit)
    joinedUnknownID = tokenizer.model.joinsUnknown ? tokenizer.model.unknownID : nil
  }

  /// Stretches without white space, cut on both sides of punctuation and ideographs.
  static func parts(of text: [UInt8]) -> [Range<Int>] {
    let table = ScalarTable.shared
    var parts: [Range<Int>] = []
    var (position, start) = (0, 0)
    while position < text.count {
      let here = position
      let flags = table.take(text.span, &position)
      let isSpace = flags.contains(.space) && (!flags.contains(.control) || [9, 10, 13].contains(text[here]))
      if !isSpace && flags.isDisjoint(with: [.punctuation, .ideograph]) { continue }
      if here > start { parts.append(start..<here) }
      if !isSpace { parts.append(here..<position) }
      start = position
    }
    if position > start { parts.append(start..<position) }
    return parts
  }

  /// - Parameter next: the part after it.
  mutating func take(_ part: Range<Int>, before next: Range<Int>?) {
    let begin = start ?? part.lowerBound
    if start == nil { skipSpace(before: begin) }
    guard count == ids.count || count < room && part.upperBound <= byteLimit else {
      return append(begin..<part.upperBound, nil)
    }
    guard let found = idCount(before: part, next) ?? (next == nil ? ids.count : nil) else {
      start = begin
      return
    }
    if found > count {
      append(begin..<part.upperBound, count)
      count = found
    } else if let last = words.last, last.upperBound == begin {
      words[words.count - 1] = last.lowerBound..<part.upperBound
    }
    (start, end) = (nil, part.upperBound)
  }

  private mutating func append(_ word: Range<Int>, _ first: Int?) {
    words.append(word)
    firstIDs.append(first)
    (start, end) = (nil, word.upperBound)
  }

  /// White space that is more than the one space before a word may have tokens of its own.
  private mutating func skipSpace(before begin: Int) {
    guard begin > end, begin > end + 1 || text[end] != 0x20, count < room, begin <= byteLimit else { return }
    count = max(count, idCount(before: text[begin - 1] == 0x20 ? begin - 1 : begin) ?? count)
  }

  /// How many ids the text up to the end of a part has; nil where a token may reach over it.
  private func idCount(before part: Range<Int>, _ next: Range<Int>?) -> Int? {
    if count == ids.count { return count }
    guard let found = idCount(before: part.upperBound) else { return nil }
    let isJoined = next?.lowerBound == part.upperBound && found > 0 && ids[found - 1] == joinedUnknownID
    return isJoined ? nil : found
  }

  /// How many ids the text before a place has; nil where a token reaches over it.
  private func idCount(before end: Int) -> Int? {
    if end == text.count { return ids.count }
    let found = tokenizer.encode(utf8: Array(text[..<end]))
    return ids.starts(with: found) ? found.count : nil
  }
}

extension SubwordModel {
  /// Whether neighbouring characters that it does not know are one token.
  fileprivate var joinsUnknown: Bool {
    switch self {
    case .unigram: true
    case .bytePair(let model): model.fusesUnknown
    case .wordPiece, .wordLevel: false
    }
  }
}
