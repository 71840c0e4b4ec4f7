// From the tokens of a text to its sentences: what a document is made of for hierarchical models. The rules are few and
// look at tokens alone, so that they hold for any tokenizer that makes punctuation marks tokens of their own:
//  1. A token of nothing but end marks (`.`, `!`, `?` and their like in other scripts: Unicode's Sentence_Terminal)
//     ends a sentence. Two or more full stops in a token are a pause, as `…` is, and end nothing.
//  2. End marks, closing brackets and closing quotes right after belong to the sentence that has ended. A straight
//     quote closes where an odd number of them stands before it, else it opens.
//  3. What follows begins the next sentence; the end of the text ends the last.
// Abbreviations need no rule here: `WordTokenizer` leaves their full stop on them.

/// Splits tokens into sentences; the rules are at the head of the file.
public enum SentenceSplitter {
  /// The sentences of a text as ranges of its tokens, in order and without gaps. None is empty; a text without end
  /// marks is one sentence, and one without tokens has none. The time taken is linear.
  public static func sentences(of tokens: [[UInt8]]) -> [Range<Int>] {
    var sentences: [Range<Int>] = []
    var start = 0
    var hasEnded = false
    var openings = StraightQuotes()
    for (index, token) in tokens.enumerated() {
      let role = role(of: token, &openings)
      if hasEnded, role == .word {
        sentences.append(start..<index)
        (start, hasEnded) = (index, false)
      }
      if role == .end { hasEnded = true }
    }
    if start < tokens.count { sentences.append(start..<tokens.count) }
    return sentences
  }

  private enum Role {
    case word
    /// Ends a sentence.
    case end
    /// Belongs to a sentence that has just ended.
    case closing
  }

  /// How many straight quotes of each kind stood before.
  private struct StraightQuotes {
    var single = 0
    var double = 0

    /// Whether this one closes; counts it.
    static func closes(_ count: inout Int) -> Bool {
      count += 1
      return count.isMultiple(of: 2)
    }
  }

  private static func role(of token: [UInt8], _ quotes: inout StraightQuotes) -> Role {
    if token == [UInt8(ascii: "\"")] { return StraightQuotes.closes(&quotes.double) ? .closing : .word }
    if token == [UInt8(ascii: "'")] { return StraightQuotes.closes(&quotes.single) ? .closing : .word }
    // As the Penn Treebank writes a closing quote.
    if token == Array("''".utf8) { return .closing }
    let scalars = String(decoding: token, as: UTF8.self).unicodeScalars
    if scalars.allSatisfy(\.properties.isSentenceTerminal) {
      return scalars.count > 1 && scalars.allSatisfy { $0 == "." } ? .word : .end
    }
    let isClosing = scalars.allSatisfy {
      [.closePunctuation, .finalPunctuation].contains($0.properties.generalCategory)
    }
    return isClosing ? .closing : .word
  }
}
