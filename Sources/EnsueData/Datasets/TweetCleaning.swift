// What the SemEval-2017 files did to their tweets, undone. They were exported through CSV and HTML, some twice.

/// Cleaning of a tweet, in this order:
/// 1. `\u2019`, `\u002c`: JSON escapes left as text become their scalar (halves of surrogate pairs are joined, lone
///    ones stay as they are); other backslashes, as in `\o/`, are text;
/// 2. quotes: first `\""`, then `""` becomes `"`, after quotes around the whole tweet are removed when every quote inside is
///    doubled, which is what an exported field looks like;
/// 3. HTML entities are decoded, again while that changes something (at most four times: the files have `&amp;amp;amp;`);
/// 4. runs of white space become one space, none at the ends.
public enum TweetCleaning {
  public static func cleaned(_ tweet: [UInt8]) -> [UInt8] {
    var text = unquoted(unescaped(tweet.trimmed))
    for _ in 0..<4 {
      let decoded = HTMLEntities.decoded(text)
      if decoded == text { break }
      text = decoded
    }
    return collapsed(text)
  }

  /// Step 1.
  static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(UInt8(ascii: "\\")) else { return bytes }
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if let (scalar, length) = escape(in: bytes, at: position) {
        result.append(contentsOf: String(scalar).utf8)
        position += length
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return result
  }

  private static func escape(in bytes: [UInt8], at position: Int) -> (Unicode.Scalar, Int)? {
    guard let first = unit(in: bytes, at: position) else { return nil }
    if let scalar = Unicode.Scalar(first) { return scalar.value < 0x20 ? nil : (scalar, 6) }
    guard first < 0xDC00, let second = unit(in: bytes, at: position + 6), 0xDC00...0xDFFF ~= second,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { return nil }
    return (scalar, 12)
  }

  /// The value of a backslash, `u` and four hexadecimal digits.
  private static func unit(in bytes: [UInt8], at position: Int) -> UInt32? {
    guard position + 6 <= bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
    else { return nil }
    var value: UInt32 = 0
    for byte in bytes[position + 2..<position + 6] {
      guard let digit = HTMLEntities.digit(byte, radix: 16) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  /// Step 2.
  static func unquoted(_ bytes: [UInt8]) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    var text = bytes[...]
    if bytes.count >= 2, bytes.first == quote, bytes.last == quote, allDoubled(bytes[1..<bytes.count - 1]) {
      text = bytes[1..<bytes.count - 1]
    }
    let bare = replaced([UInt8(ascii: "\\"), quote, quote], in: text)
    return replaced([quote, quote], in: bare[...])
  }

  /// A quote in place of each `form`, from left to right.
  private static func replaced(_ form: [UInt8], in text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var position = text.startIndex
    while position < text.endIndex {
      if text[position...].starts(with: form) {
        position += form.count
        result.append(UInt8(ascii: "\""))
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return result
  }

  private static func allDoubled(_ bytes: ArraySlice<UInt8>) -> Bool {
    var run = 0
    for byte in bytes {
      if byte == UInt8(ascii: "\"") {
        run += 1
      } else {
        if run % 2 == 1 { return false }
        run = 0
      }
    }
    return run % 2 == 0
  }

  /// Step 4; a no-break space counts as white space.
  static func collapsed(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    var pending = false
    while position < bytes.count {
      if bytes[position].isSpace {
        pending = true
        position += 1
      } else if bytes[position] == 0xC2, position + 1 < bytes.count, bytes[position + 1] == 0xA0 {
        pending = true
        position += 2
      } else {
        if pending && !result.isEmpty { result.append(UInt8(ascii: " ")) }
        pending = false
        result.append(bytes[position])
        position += 1
      }
    }
    return result
  }
}
