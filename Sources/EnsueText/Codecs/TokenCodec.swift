// Text to token ids and back, at any level: what a language model reads and writes.

/// One of the four levels with what it knows. Ids are 0 ..< `vocabularySize`.
public enum TokenCodec: Sendable {
  case bytes
  case characters(CharacterAlphabet)
  case words(WordList)
  case subwords(SubwordTokenizer)

  public var level: TokenLevelKind {
    switch self {
    case .bytes: .bytes
    case .characters: .characters
    case .words: .words
    case .subwords: .subwords
    }
  }

  public var vocabularySize: Int {
    switch self {
    case .bytes: 256
    case .characters(let alphabet): alphabet.idCount
    case .words(let list): list.idCount
    case .subwords(let tokenizer): tokenizer.vocabularySize
    }
  }

  /// Whether a model of so many symbols can have this vocabulary. Of subwords it may have more, which are never read:
  /// tables are made longer to fit an accelerator.
  public func fits(modelOf symbolCount: Int) -> Bool {
    switch self {
    case .bytes, .characters, .words: vocabularySize == symbolCount
    case .subwords(let tokenizer): tokenizer.vocabularySize <= symbolCount
    }
  }

  /// The id of whatever the vocabulary does not have: never scored and never written. nil where nothing is unknown, or
  /// where the tokenizer's unknown token is a token like any other.
  public var unknownID: Int32? {
    switch self {
    case .characters: CharacterAlphabet.unknownID
    case .words: WordList.unknownID
    case .bytes, .subwords: nil
    }
  }

  /// The id that stands for what the vocabulary does not have, a tokenizer's among them; nil where nothing is unknown.
  public var unknownSymbol: Int32? {
    switch self {
    case .bytes, .characters, .words: unknownID
    case .subwords(let tokenizer): tokenizer.model.unknownID
    }
  }

  /// Names of a token that ends a text, the first that a tokenizer has.
  private static let endNames = ["<|endoftext|>", "</s>", "<eos>", "<|end_of_text|>"]

  /// The token that ends a text, where there is one; the words' <eos> only ends a line.
  public var endOfText: Int32? {
    switch self {
    case .bytes, .characters, .words: nil
    case .subwords(let tokenizer): TokenCodec.endNames.lazy.compactMap { tokenizer.id(of: $0) }.first
    }
  }

  /// The same as a list, of one or none.
  public var endIDs: [Int32] { endOfText.map { [$0] } ?? [] }

  /// The ids of a text; special tokens are not added.
  public func encode(_ text: String) -> [Int32] {
    switch self {
    case .bytes: text.utf8.map { Int32($0) }
    case .characters(let alphabet): alphabet.encode(text)
    case .words(let list): list.encode(Array(text.utf8))
    case .subwords(let tokenizer): tokenizer.encode(text)
    }
  }

  /// The ids of a text given as bytes; what is no UTF-8 reads as U+FFFD, but for the level of bytes.
  public func encode(utf8 bytes: [UInt8]) -> [Int32] {
    switch self {
    case .bytes: bytes.map { Int32($0) }
    case .words(let list): list.encode(bytes)
    case .characters: encode(String(decoding: bytes, as: UTF8.self))
    case .subwords(let tokenizer): tokenizer.encode(utf8: bytes)
    }
  }

  /// The text of ids. Words have a space between them, an unknown character is U+FFFD, an unknown word <unk>.
  public func decode(_ ids: some Sequence<Int32>) -> String {
    switch self {
    case .bytes: return String(decoding: ids.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    case .characters(let alphabet):
      var text = String.UnicodeScalarView()
      for id in ids { text.append(alphabet.scalar(of: id) ?? "\u{FFFD}") }
      return String(text)
    case .words:
      var decoder = makeStreamDecoder()
      return ids.map { decoder.append($0) }.joined()
    case .subwords(let tokenizer): return tokenizer.decode(ids, skipsSpecialTokens: true)
    }
  }

  /// Ids to text while they are made.
  public func makeStreamDecoder() -> TokenStreamDecoder { TokenStreamDecoder(self) }
}

extension TokenCodec: Equatable {
  public static func == (left: TokenCodec, right: TokenCodec) -> Bool {
    switch (left, right) {
    case (.bytes, .bytes): true
    case (.characters(let a), .characters(let b)): a == b
    case (.words(let a), .words(let b)): a == b
    case (.subwords(let a), .subwords(let b)): a == b
    case (.bytes, _), (.characters, _), (.words, _), (.subwords, _): false
    }
  }
}
