// The text cleaning of BERT (Devlin, Chang, Lee and Toutanova, BERT, 2019).

/// What `BertNormalizer` does to a text, in this order.
public struct BertNormalization: Sendable, Equatable {
  /// Control characters and U+FFFD away, white space to plain spaces.
  public let cleansText: Bool
  /// Spaces around Chinese characters.
  public let separatesIdeographs: Bool
  /// NFD, then non-spacing marks away; nil: where letters are lower-cased.
  public let stripsAccents: Bool?
  public let lowercases: Bool

  public init(
    cleansText: Bool = true, separatesIdeographs: Bool = true, stripsAccents: Bool? = nil, lowercases: Bool = true
  ) {
    self.cleansText = cleansText
    self.separatesIdeographs = separatesIdeographs
    self.stripsAccents = stripsAccents
    self.lowercases = lowercases
  }

  /// - Returns: Whether the text still begins with what it began with.
  func apply(to text: inout [UInt8]) -> Bool {
    var keepsStart = true
    if text.isASCII {
      if cleansText { keepsStart = BertNormalization.cleanASCII(&text) }
    } else {
      if cleansText || separatesIdeographs { keepsStart = clean(&text) }
      if stripsAccents ?? lowercases {
        UnicodeForm.nfd.apply(to: &text)
        if !SubwordNormalizer.remove(.nonspacingMark, from: &text) { keepsStart = false }
      }
    }
    if lowercases { SubwordNormalizer.lowercase(&text) }
    return keepsStart
  }

  private static func cleanASCII(_ text: inout [UInt8]) -> Bool {
    var written = 0
    var keepsStart = true
    for index in text.indices {
      let byte = text[index]
      if byte >= 0x20, byte != 0x7F {
        text[written] = byte
      } else if byte == 0x09 || byte == 0x0A || byte == 0x0D {
        text[written] = 0x20
      } else {
        if index == 0 { keepsStart = false }
        continue
      }
      written += 1
    }
    text.removeSubrange(written...)
    return keepsStart
  }

  private func clean(_ text: inout [UInt8]) -> Bool {
    let table = ScalarTable.shared
    var result: [UInt8] = []
    result.reserveCapacity(text.count + text.count / 4)
    var position = 0
    var keepsStart = true
    while position < text.count {
      let start = position
      let scalar = text.span.takeScalar(&position)
      let flags = table[scalar]
      if cleansText {
        let isSpace =
          flags.contains(.space) && (!flags.contains(.control) || scalar == 9 || scalar == 10 || scalar == 13)
        if isSpace {
          result.append(0x20)
          continue
        }
        if flags.contains(.control) || scalar == 0xFFFD {
          if start == 0 { keepsStart = false }
          continue
        }
      }
      let isSeparate = separatesIdeographs && flags.contains(.ideograph)
      if isSeparate { result.append(0x20) }
      result += text[start..<position]
      if isSeparate { result.append(0x20) }
    }
    text = result
    return keepsStart
  }
}
