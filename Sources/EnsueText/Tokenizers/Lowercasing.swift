// Lower case for tokens. Unicode's full mapping of each scalar by itself: no locale, no context (a final sigma
// stays σ), so that a token's form never depends on its neighbours.

/// Lower-casing of UTF-8.
enum Lowercasing {
  /// The lower case of valid UTF-8.
  static func lowercase(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
      guard byte < 0x80 else { return lowercaseUnicode(bytes) }
      result.append(ASCII.lowercase(byte))
    }
    return result
  }

  private static func lowercaseUnicode(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if scalar.isASCII {
        result.append(ASCII.lowercase(UInt8(truncatingIfNeeded: scalar.value)))
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
      }
    }
    return result
  }
}
