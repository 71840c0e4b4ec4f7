// Text as Unicode scalars, as the measures of translation read it: what white space is, lower case, replacing.
// Everything here goes through a text once and once only, however the text was made.

/// Scanners over scalars. White space is Python's, which counts four separators of ASCII that Unicode does not.
enum ScalarText {
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20, 0x09...0x0D, 0x1C...0x1F: true
    case 0..<0x85: false
    case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  static func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0"..."9" ~= scalar }

  /// The words between white space.
  static func words(_ text: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
    var words: [ArraySlice<Unicode.Scalar>] = []
    var start = 0
    for (index, scalar) in text.enumerated() where isSpace(scalar) {
      if start < index { words.append(text[start..<index]) }
      start = index + 1
    }
    if start < text.count { words.append(text[start...]) }
    return words
  }

  /// Without white space at the end.
  static func trimmedAtEnd(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var count = text.count
    while count > 0, isSpace(text[count - 1]) { count -= 1 }
    return Array(text[..<count])
  }

  /// Without white space at both ends.
  static func trimmed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    Array(trimmedAtEnd(text).drop(while: isSpace))
  }

  /// Lower case by Unicode's full mapping, a sigma at the end of a word as such.
  static func lowercased(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count)
    for (index, scalar) in text.enumerated() {
      if scalar.value < 0x80 {
        result.append("A"..."Z" ~= scalar ? Unicode.Scalar(UInt8(scalar.value) + 0x20) : scalar)
      } else if scalar == "\u{3A3}" {
        result.append(isFinalSigma(at: index, in: text) ? "\u{3C2}" : "\u{3C3}")
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return result
  }

  /// Every occurrence of `pattern` replaced, from the left, none within another.
  static func replacing(
    _ pattern: [Unicode.Scalar], with replacement: [Unicode.Scalar], in text: [Unicode.Scalar]
  ) -> [Unicode.Scalar] {
    guard let first = pattern.first, text.contains(first) else { return text }
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == first, text[index...].starts(with: pattern) {
        result += replacement
        index += pattern.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }

  /// A space before and after every scalar of a class.
  static func surrounding(
    _ text: [Unicode.Scalar], where isChosen: (Unicode.Scalar) -> Bool
  ) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count + text.count / 4 + 8)
    for scalar in text {
      if isChosen(scalar) { result += [" ", scalar, " "] } else { result.append(scalar) }
    }
    return result
  }

  /// Where a space goes in a pair of scalars.
  enum PairSpacing {
    /// "ab" to "a b ".
    case aroundSecond
    /// "ab" to " a b".
    case aroundFirst
  }

  /// Pairs of two classes set apart, from the left; a pair begins after the end of the one before.
  static func spacingPairs(
    _ text: [Unicode.Scalar], _ spacing: PairSpacing, where first: (Unicode.Scalar) -> Bool,
    _ second: (Unicode.Scalar) -> Bool
  ) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count + text.count / 4 + 8)
    var index = 0
    while index < text.count {
      guard index + 1 < text.count, first(text[index]), second(text[index + 1]) else {
        result.append(text[index])
        index += 1
        continue
      }
      switch spacing {
      case .aroundSecond: result += [text[index], " ", text[index + 1], " "]
      case .aroundFirst: result += [" ", text[index], " ", text[index + 1]]
      }
      index += 2
    }
    return result
  }

  /// Unicode's Final_Sigma: after a cased letter and not before one, case-ignorable scalars between not counted.
  private static func isFinalSigma(at index: Int, in text: [Unicode.Scalar]) -> Bool {
    let before = text[..<index].last { !$0.properties.isCaseIgnorable }
    guard let before, before.properties.isCased else { return false }
    let after = text[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return after.map { !$0.properties.isCased } ?? true
  }
}
