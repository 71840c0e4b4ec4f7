// The pass of the word tokenizer over a text: decides at each place which rule applies. The rules themselves are in
// the extensions: symbols and emoji here, words, contractions, full stops, addresses, emoticons in their own files.

/// A position in a text, and the tokens found so far.
struct WordScanner {
  struct Token {
    let range: Range<Int>
    let keepsCase: Bool
  }

  /// Valid UTF-8.
  let text: [UInt8]
  private(set) var tokens: [Token] = []
  private(set) var position = 0
  /// Whether the text before the position is its beginning or a separator.
  private(set) var isFresh = true
  /// Whether a word ends at the position.
  private(set) var followsWord = false

  init(_ text: [UInt8]) {
    self.text = text
  }

  mutating func scan() {
    while position < text.count {
      let (scalarClass, length) = classify(position)
      switch scalarClass {
      case .separator:
        position += length
        isFresh = true
        followsWord = false
      case .letter, .digit: scanAlphanumeric()
      case .extending, .regionalIndicator: emit(to: symbolEnd(from: position))
      case .symbol:
        if !scanSymbol(text[position]) { emit(to: symbolEnd(from: position)) }
      }
    }
  }

  /// Makes the bytes from the position to `end` a token.
  mutating func emit(to end: Int, isWord: Bool = false, keepsCase: Bool = false) {
    tokens.append(Token(range: position..<end, keepsCase: keepsCase))
    position = end
    isFresh = false
    followsWord = isWord
  }

  /// The byte at an index, 0 outside the text.
  func byte(_ index: Int) -> UInt8 { index >= 0 && index < text.count ? text[index] : 0 }

  /// Whether the text at an index continues with these ASCII bytes, in any case.
  func continues(_ index: Int, with lowercase: StaticString) -> Bool {
    let count = lowercase.utf8CodeUnitCount
    guard index + count <= text.count else { return false }
    return lowercase.withUTF8Buffer { wanted in
      for offset in 0..<count where ASCII.lowercase(text[index + offset]) != wanted[offset] { return false }
      return true
    }
  }

  /// The scalar at an index and its length in bytes.
  func scalar(_ index: Int) -> (Unicode.Scalar, length: Int) {
    let lead = UInt32(text[index])
    func next(_ offset: Int) -> UInt32 { UInt32(byte(index + offset) & 0x3F) }
    let (value, length): (UInt32, Int) =
      switch lead {
      case ..<0x80: (lead, 1)
      case ..<0xE0: ((lead & 0x1F) << 6 | next(1), 2)
      case ..<0xF0: ((lead & 0x0F) << 12 | next(1) << 6 | next(2), 3)
      default: ((lead & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4)
      }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", min(length, text.count - index))
  }

  func classify(_ index: Int) -> (ScalarClass, length: Int) {
    let lead = text[index]
    if lead < 0x80 { return (ScalarClass(Unicode.Scalar(lead)), 1) }
    let (scalar, length) = scalar(index)
    return (ScalarClass(scalar), length)
  }

  /// Whether a letter or digit stands at an index.
  func isAlphanumeric(_ index: Int) -> Bool {
    index >= 0 && index < text.count && classify(index).0.isAlphanumeric
  }

  /// The end of the scalars at `index` that extend what is before them. An emoji after a joiner belongs to them.
  func extendingEnd(from index: Int) -> Int {
    var end = index
    var joined = false
    while end < text.count, text[end] >= 0x80 {
      let (scalar, length) = scalar(end)
      guard ScalarClass(scalar) == .extending || joined && scalar.properties.isEmoji else { break }
      joined = scalar.value == 0x200D
      end += length
    }
    return end
  }

  /// The end of a symbol or emoji with all that extends it; a flag has two halves.
  func symbolEnd(from index: Int) -> Int {
    let (scalarClass, length) = classify(index)
    var end = index + length
    if scalarClass == .regionalIndicator, end < text.count {
      let (other, otherLength) = classify(end)
      if other == .regionalIndicator { end += otherLength }
    }
    return extendingEnd(from: end)
  }

  /// The length of the apostrophe at an index (`'` or U+2019), 0 when there is none.
  func apostrophe(_ index: Int) -> Int {
    byte(index) == UInt8(ascii: "'")
      ? 1 : byte(index) == 0xE2 && byte(index + 1) == 0x80 && byte(index + 2) == 0x99 ? 3 : 0
  }

  /// The number of times a byte stands at an index and after it.
  func run(of wanted: UInt8, from index: Int) -> Int {
    var end = index
    while byte(end) == wanted && end < text.count { end += 1 }
    return end - index
  }
}
