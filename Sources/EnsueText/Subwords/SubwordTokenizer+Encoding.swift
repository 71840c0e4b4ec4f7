// Text to ids.

extension SubwordTokenizer {
  /// The ids of a text.
  /// - Parameter addsSpecialTokens: Whether the post-processor puts its tokens around.
  public func encode(_ text: String, addsSpecialTokens: Bool = false) -> [Int32] {
    ids(ofValid: Array(text.utf8), addsSpecialTokens: addsSpecialTokens)
  }

  /// The ids of a text in UTF-8; what is not UTF-8 counts as U+FFFD.
  public func encode(utf8 text: [UInt8], addsSpecialTokens: Bool = false) -> [Int32] {
    ids(ofValid: SubwordWords.repaired(text), addsSpecialTokens: addsSpecialTokens)
  }

  private func ids(ofValid text: [UInt8], addsSpecialTokens: Bool) -> [Int32] {
    let ids = plainIDs(text)
    guard addsSpecialTokens, postProcessor != nil else { return ids }
    return processed([SubwordEncoding(ids)], addsSpecialTokens: true).ids
  }

  /// A text with the types of its ids.
  public func encoding(of text: String, addsSpecialTokens: Bool = true) -> SubwordEncoding {
    processed([SubwordEncoding(plainIDs(Array(text.utf8)))], addsSpecialTokens: addsSpecialTokens)
  }

  /// Two texts with the types of their ids.
  public func encoding(ofPair first: String, _ second: String, addsSpecialTokens: Bool = true) -> SubwordEncoding {
    processed(
      [
        SubwordEncoding(plainIDs(Array(first.utf8))), SubwordEncoding(plainIDs(Array(second.utf8)), typeID: 1),
      ], addsSpecialTokens: addsSpecialTokens)
  }

  /// A text or a pair with the tokens around it, cut to a number of ids.
  ///
  /// A text loses its end; of a pair the longer one does, until both are equally long (transformers' `longest_first`).
  /// - Parameter maximumLength: ids with those around the texts; at least the latter are given.
  /// - Returns: the ids, and whether some were cut off.
  public func encoding(
    of first: String, _ second: String? = nil, maximumLength: Int
  ) -> (encoding: SubwordEncoding, isCut: Bool) {
    let ids = [first, second].compactMap(\.self).map { plainIDs(Array($0.utf8)) }
    func encodings(_ ids: [ArraySlice<Int32>]) -> [SubwordEncoding] {
      ids.enumerated().map { SubwordEncoding(Array($1), typeID: Int32($0)) }
    }
    let around = processed(encodings(ids.map { $0.prefix(0) }), addsSpecialTokens: true).ids.count
    let room = max(0, maximumLength - around)
    let total = ids.reduce(0) { $0 + $1.count }
    var lengths = ids.map(\.count)
    if total > room {
      if lengths.count == 1 {
        lengths[0] = room
      } else {
        let shorter = min(min(lengths[0], lengths[1]), room / 2)
        lengths = lengths[0] <= lengths[1] ? [shorter, room - shorter] : [room - shorter, shorter]
      }
    }
    let kept = zip(ids, lengths).map { $0.prefix($1) }
    return (processed(encodings(kept), addsSpecialTokens: true), total > room)
  }

  func processed(_ parts: [SubwordEncoding], addsSpecialTokens: Bool) -> SubwordEncoding {
    var parts = parts
    postProcessor?.apply(to: &parts, addsSpecialTokens: addsSpecialTokens)
    var result = SubwordEncoding()
    for part in parts { result.append(part) }
    return result
  }

  /// - Parameter text: valid UTF-8.
  private func plainIDs(_ text: [UInt8]) -> [Int32] {
    var run = EncodingRun(self)
    if plainFinder.isEmpty {
      run.append(normalizing: text, beginsText: true)
    } else {
      plainFinder.forEachPart(of: text) { range, id in
        if let id {
          run.ids.append(id)
        } else {
          run.append(
            normalizing: range.count == text.count ? text : Array(text[range]), beginsText: range.lowerBound == 0)
        }
      }
    }
    return run.ids
  }
}

/// One call of `encode`: what was found and what is used again.
private struct EncodingRun {
  let tokenizer: SubwordTokenizer
  let words: SubwordWords
  var ids: [Int32] = []
  private var workspace = SubwordWorkspace()
  private var cache = WordCache()

  init(_ tokenizer: SubwordTokenizer) {
    self.tokenizer = tokenizer
    words = tokenizer.words
  }

  /// A text without plain added tokens.
  mutating func append(normalizing text: [UInt8], beginsText: Bool) {
    var text = text
    let keepsStart = tokenizer.normalizer?.apply(to: &text) ?? true
    let begins = beginsText && keepsStart
    guard !tokenizer.normalizedFinder.isEmpty else {
      append(words: text, beginsText: begins)
      return
    }
    tokenizer.normalizedFinder.forEachPart(of: text) { range, id in
      if let id {
        ids.append(id)
      } else {
        append(words: Array(text[range]), beginsText: begins && range.lowerBound == 0)
      }
    }
  }

  /// A normalised text without added tokens.
  private mutating func append(words text: [UInt8], beginsText: Bool) {
    let split = words.pieces(text, beginsText: beginsText)
    ids.reserveCapacity(ids.count + split.pieces.count)
    let bytes = split.bytes.span
    let whole = tokenizer.wholeWords
    let model = tokenizer.model
    let remembers = split.pieces.count >= WordCache.worthwhileWords
    for piece in split.pieces {
      let word = bytes.extracting(piece)
      if word.count > WordCache.longestWord {
        model.append(word, to: &ids, with: &workspace)
      } else if let id = whole.id(of: word) {
        ids.append(id)
      } else if !remembers {
        model.append(word, to: &ids, with: &workspace)
      } else if !cache.append(word, to: &ids) {
        let start = ids.count
        model.append(word, to: &ids, with: &workspace)
        cache.keep(word, ids[start...])
      }
    }
  }
}
