// Words and punctuation, as the Penn Treebank (Marcus et al., 1993; Robert MacIntyre's tokenizer script) splits them
// and as tweets need (after the practice of Christopher Potts' and NLTK's tweet tokenizers). No byte is changed or
// invented, so quotes stay as they are written, and tokenizing twice changes nothing.
//
// The rules, in the order in which they are tried where a token begins (`WordScanner` has them):
//  1. White space of any script, control characters and invisible direction marks separate tokens.
//  2. Web addresses (`http://`, `https://`, `ftp://`, `www.`) up to white space, less final punctuation; e-mail
//     addresses; `@user`; `#tag` with at least one letter; HTML entities (`&amp;`) are one token each.
//  3. Emoticons, western (`:-)`, `;-D`, `=P`, `:'(`, `>:(`, `(:`, `8-)`) with a repeated mouth (`:)))`), hearts
//     (`<3`, `</3`) and some eastern (`^_^`, `-_-`, `>.<`, `T_T`, `¯\_(ツ)_/¯`); emoji with all that belongs to
//     them (skin tones, joiners, variation selectors, keycaps, both halves of a flag).
//  4. A word is letters, digits and marks of any script, with single joiners between them: hyphen, apostrophe, full
//     stop, slash, `&`, `_` and `*` (also repeated); comma and colon between digits (`1,000.50`, `10:30`). A sign
//     stays with a number that begins a word (`-5`), a full stop too (`.5`).
//  5. Contractions are cut off at the end of a word: `n't` and `'s 'm 'd 'll 're 've`, with either apostrophe
//     (`do n't`, `I 'd 've`); `cannot gonna gotta gimme lemme wanna d'ye more'n 'tis 'twas` are cut in two.
//     `'em 'til 'till 'cause 'bout 'cuz 'coz 'n' '90s` keep their apostrophe.
//  6. The full stop after a word is a token of its own, except after letters with full stops between them (`U.S.`,
//     `e.g.`, `Ph.D.`), common titles and short forms (`Mr.`, `etc.`), months and `No.` before a number, and an
//     initial before a capital letter (`John F. Kennedy`).
//  7. Two or more full stops or hyphens (`...`, `--`), `` `` `` and `''` are one token; any other symbol is a token,
//     with the marks that follow it. So `$5` and `5%` are two tokens each.
// Scripts written without spaces are not cut into words.

/// Splits text into words and punctuation; the rules are at the head of the file.
///
/// With `lowercase`, tokens are lower-cased after splitting, web addresses and mentions too; only emoticons keep
/// their case, because `:D` and `:d` are not the same face.
public struct WordTokenizer: Tokenizer {
  /// Whether tokens are lower-cased.
  public let lowercase: Bool

  public init(lowercase: Bool = false) {
    self.lowercase = lowercase
  }

  public func tokens(in text: String) -> [[UInt8]] {
    var scanner = WordScanner(Array(text.utf8))
    scanner.scan()
    return scanner.tokens.map { token in
      let bytes = scanner.text[token.range]
      return lowercase && !token.keepsCase ? Lowercasing.lowercase(bytes) : Array(bytes)
    }
  }
}
