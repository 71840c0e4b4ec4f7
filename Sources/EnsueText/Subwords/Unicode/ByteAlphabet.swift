// The 256 printing characters that stand for bytes in GPT-2's vocabulary (Radford et al., Language models are
// unsupervised multitask learners, 2019): printing Latin-1 characters stand for themselves, the others for the
// scalars from U+0100 on.

/// Bytes as visible characters and back.
enum ByteAlphabet {
  /// The scalar of each byte.
  static let scalars: [UInt16] = {
    var scalars: [UInt16] = []
    var next: UInt16 = 256
    for byte in UInt16(0)..<256 {
      if 0x21...0x7E ~= byte || 0xA1...0xAC ~= byte || 0xAE...0xFF ~= byte {
        scalars.append(byte)
      } else {
        scalars.append(next)
        next += 1
      }
    }
    return scalars
  }()

  /// The byte of each scalar below 324, or -1.
  private static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 324)
    for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar)] = Int16(byte) }
    return bytes
  }()

  /// The characters for some bytes, in UTF-8.
  static func append(_ text: Span<UInt8>, _ range: Range<Int>, to result: inout [UInt8]) {
    for index in range { result.append(scalar: UInt32(scalars[Int(text[index])])) }
  }

  /// The bytes that characters stand for; the UTF-8 of the token itself when one of them stands for none.
  static func bytes(of token: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    let text = token.span
    var position = 0
    while position < text.count {
      let value = Int(text.takeScalar(&position))
      guard value < bytes.count, bytes[value] >= 0 else { return token }
      result.append(UInt8(bytes[value]))
    }
    return result
  }
}
