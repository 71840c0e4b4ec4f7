// Character references as they occur in tweets and reviews. Not HTML's whole list of 2,231 names, and a reference must
// end in a semicolon: `Q&A`, `&not` and `AT&T` are text.

enum HTMLEntities {
  private static let names: [[UInt8]: Unicode.Scalar] = {
    let table: [(String, Unicode.Scalar)] = [
      ("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("nbsp", "\u{A0}"), ("hellip", "…"),
      ("ndash", "–"), ("mdash", "—"), ("lsquo", "‘"), ("rsquo", "’"), ("ldquo", "“"), ("rdquo", "”"), ("laquo", "«"),
      ("raquo", "»"), ("bull", "•"), ("middot", "·"), ("hearts", "♥"), ("copy", "©"), ("reg", "®"), ("trade", "™"),
      ("deg", "°"), ("euro", "€"), ("pound", "£"), ("yen", "¥"), ("cent", "¢"), ("times", "×"), ("frac12", "½"),
      ("iexcl", "¡"), ("iquest", "¿"), ("eacute", "é"), ("egrave", "è"), ("agrave", "à"), ("aacute", "á"),
      ("ccedil", "ç"), ("ntilde", "ñ"), ("oacute", "ó"), ("ouml", "ö"), ("uuml", "ü"), ("auml", "ä"), ("szlig", "ß"),
      ("iacute", "í"), ("uacute", "ú"),
    ]
    return Dictionary(table.map { (Array($0.0.utf8), $0.1) }, uniquingKeysWith: { first, _ in first })
  }()

  /// The text with every known reference decoded once, from left to right.
  static func decoded(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(UInt8(ascii: "&")) else { return bytes }
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "&"), let (scalar, length) = reference(in: bytes[position...]) {
        result.append(contentsOf: String(scalar).utf8)
        position += length
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return result
  }

  /// The scalar and the length in bytes of the reference that `bytes` begins with.
  private static func reference(in bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
    let window = bytes.prefix(12)
    guard let end = window.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = bytes[bytes.startIndex + 1..<end]
    let length = end - bytes.startIndex + 1
    if name.first == UInt8(ascii: "#") { return number(name.dropFirst()).map { ($0, length) } }
    return names[Array(name)].map { ($0, length) }
  }

  /// Decimal digits, or hexadecimal ones after `x`; control characters stay undecoded.
  private static func number(_ text: ArraySlice<UInt8>) -> Unicode.Scalar? {
    let isHexadecimal = text.first == UInt8(ascii: "x") || text.first == UInt8(ascii: "X")
    let digits = isHexadecimal ? text.dropFirst() : text
    let radix: UInt32 = isHexadecimal ? 16 : 10
    guard 1...8 ~= digits.count else { return nil }
    var value: UInt32 = 0
    for byte in digits {
      guard let digit = digit(byte, radix: radix), value < 0x100_0000 else { return nil }
      value = value * radix + digit
    }
    guard let scalar = Unicode.Scalar(value), value >= 0x20, !(0x7F...0x9F ~= value) else { return nil }
    return scalar
  }

  static func digit(_ byte: UInt8, radix: UInt32) -> UInt32? {
    let value: UInt32
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): value = UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): value = UInt32(byte - UInt8(ascii: "A")) + 10
    default: return nil
    }
    return value < radix ? value : nil
  }
}
