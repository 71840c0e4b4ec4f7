// Text to ids.

extension SubwordTokenizer {
  /// The ids of a text.
  /// - Parameter addsSpecialTokens: Whether the post-processor puts its tokens around.
  public func encode(_ text: String, addsSpecialTokens: Bool = false) -> [Int32] {
    encode(utf8: Array(text.utf8), addsSpecialTokens: addsSpecialTokens)
  }

  /// The ids of a text in UTF-8; what is not UTF-8 counts as U+FFFD.
  public func encode(utf8 text: [UInt8], addsSpecialTokens: Bool = false) -> [Int32] {
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

  private func processed(_ parts: [SubwordEncoding], addsSpecialTokens: Bool) -> SubwordEncoding {
    var parts = parts
    postProcessor?.apply(to: &parts, addsSpecialTokens: addsSpecialTokens)
    var result = SubwordEncoding()
    for part in parts { result.append(part) }
    return result
  }

  private func plainIDs(_ bytes: [UInt8]) -> [Int32] {
    let text = SubwordWords.repaired(bytes)
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
    for piece in split.pieces {
      let word = bytes.extracting(piece)
      if word.count > WordCache.longestWord {
        model.append(word, to: &ids, with: &workspace)
      } else if let id = whole.id(of: word) {
        ids.append(id)
      } else if !cache.append(word, to: &ids) {
        let start = ids.count
        model.append(word, to: &ids, with: &workspace)
        cache.keep(word, ids[start...])
      }
    }
  }
}
