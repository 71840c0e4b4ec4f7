// How any token, even one with a line end in it, stands on a line of `vocabulary.txt`.

/// Tokens as text: a line feed is `\n`, a carriage return `\r`, a backslash `\\`, a byte that is not UTF-8 `\xHH`.
enum TokenText {
  private static let backslash = UInt8(ascii: "\\")

  static func escaped(_ token: [UInt8]) -> [UInt8] {
    let isText = isUTF8(token.span)
    var line: [UInt8] = []
    for byte in token {
      switch byte {
      case ASCII.newline: line += [backslash, UInt8(ascii: "n")]
      case ASCII.carriageReturn: line += [backslash, UInt8(ascii: "r")]
      case backslash: line += [backslash, backslash]
      case 0x80... where !isText: line += [backslash, UInt8(ascii: "x")] + hexadecimal(byte)
      default: line.append(byte)
      }
    }
    return line
  }

  /// The token of a line, or nil when a backslash is not followed by one of the four forms.
  static func unescaped(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    var token: [UInt8] = []
    token.reserveCapacity(line.count)
    var index = line.startIndex
    while index < line.endIndex {
      guard line[index] == backslash else {
        token.append(line[index])
        index += 1
        continue
      }
      guard index + 1 < line.endIndex else { return nil }
      switch line[index + 1] {
      case UInt8(ascii: "n"): token.append(ASCII.newline)
      case UInt8(ascii: "r"): token.append(ASCII.carriageReturn)
      case backslash: token.append(backslash)
      case UInt8(ascii: "x"):
        guard index + 3 < line.endIndex, let high = value(line[index + 2]), let low = value(line[index + 3]) else {
          return nil
        }
        token.append(high << 4 | low)
        index += 2
      default: return nil
      }
      index += 2
    }
    return token
  }

  private static func hexadecimal(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// Whether bytes are valid UTF-8.
func isUTF8(_ bytes: Span<UInt8>) -> Bool {
  for index in bytes.indices where bytes[index] >= 0x80 { return (try? UTF8Span(validating: bytes)) != nil }
  return true
}
