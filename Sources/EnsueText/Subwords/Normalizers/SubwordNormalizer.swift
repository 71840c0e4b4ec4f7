// Normalisers: the first step of a pipeline, from text to text.

/// The normalisers by the names that a tokenizer.json gives them.
public enum SubwordNormalizerKind: String, Codable, CaseIterable, Sendable {
  case sequence = "Sequence"
  case nfc = "NFC"
  case nfd = "NFD"
  case nfkc = "NFKC"
  case nfkd = "NFKD"
  case lowercase = "Lowercase"
  case strip = "Strip"
  case stripAccents = "StripAccents"
  case replace = "Replace"
  case prepend = "Prepend"
  case bert = "BertNormalizer"
  case nmt = "Nmt"
  case precompiled = "Precompiled"
  case byteLevel = "ByteLevel"
}

/// Changes a text before it is cut.
public indirect enum SubwordNormalizer: Sendable, Equatable {
  case sequence([SubwordNormalizer])
  case unicode(UnicodeForm)
  /// The full lower-case mapping of each scalar by itself.
  case lowercase
  /// White space away from the ends.
  case strip(left: Bool, right: Bool)
  /// Combining marks away; of use after NFD or NFKD.
  case stripAccents
  case replace(TextPattern, with: String)
  /// Puts a text before every text that is not empty.
  case prepend(String)
  case bert(BertNormalization)
  /// The control and space characters that machine translation systems take away.
  case nmt
  case precompiled(PrecompiledCharacterMap)
  /// Bytes as the characters of GPT-2's vocabulary.
  case byteLevel

  /// Applies it to valid UTF-8.
  /// - Returns: Whether the text still begins with what it began with.
  @discardableResult
  func apply(to text: inout [UInt8]) -> Bool {
    switch self {
    case .sequence(let normalizers):
      var keepsStart = true
      for normalizer in normalizers where !normalizer.apply(to: &text) { keepsStart = false }
      return keepsStart
    case .unicode(let form): form.apply(to: &text)
    case .lowercase: SubwordNormalizer.lowercase(&text)
    case .strip(let left, let right): return SubwordNormalizer.strip(&text, left: left, right: right)
    case .stripAccents: return SubwordNormalizer.remove(.accent, from: &text)
    case .replace(let pattern, let replacement):
      SubwordNormalizer.replace(pattern, with: Array(replacement.utf8), in: &text)
    case .prepend(let prefix): if !text.isEmpty { text.insert(contentsOf: prefix.utf8, at: 0) }
    case .bert(let bert): return bert.apply(to: &text)
    case .nmt: SubwordNormalizer.applyNMT(&text)
    case .precompiled(let map): map.apply(to: &text)
    case .byteLevel:
      var result: [UInt8] = []
      ByteAlphabet.append(text.span, 0..<text.count, to: &result)
      text = result
    }
    return true
  }

  static func lowercase(_ text: inout [UInt8]) {
    if text.isASCII {
      for index in text.indices { text[index] = ASCII.lowercase(text[index]) }
    } else {
      text = Lowercasing.lowercase(text[...])
    }
  }

  private static func strip(_ text: inout [UInt8], left: Bool, right: Bool) -> Bool {
    let table = ScalarTable.shared
    var (start, end) = (0, text.count)
    if left {
      var position = 0
      while position < end, table.take(text.span, &position).contains(.space) { start = position }
    }
    while right, end > start {
      let last = text.span.scalarStart(before: end)
      var position = last
      guard table.take(text.span, &position).contains(.space) else { break }
      end = last
    }
    if start > 0 || end < text.count { text = Array(text[start..<end]) }
    return start == 0
  }

  /// Takes scalars of a class away.
  static func remove(_ flag: ScalarFlags, from text: inout [UInt8]) -> Bool {
    if text.isASCII { return true }
    let table = ScalarTable.shared
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var position = 0
    var keepsStart = true
    while position < text.count {
      let start = position
      if !table.take(text.span, &position).contains(flag) {
        result += text[start..<position]
      } else if start == 0 {
        keepsStart = false
      }
    }
    text = result
    return keepsStart
  }

  private static func replace(_ pattern: TextPattern, with replacement: [UInt8], in text: inout [UInt8]) {
    var result: [UInt8] = []
    var copied = 0
    let source = text
    let span = source.span
    pattern.forEachMatch(in: span, 0..<span.count) { match in
      result.append(span, copied..<match.lowerBound)
      result += replacement
      copied = match.upperBound
    }
    guard copied > 0 else { return }
    result.append(span, copied..<span.count)
    text = result
  }

  private static func applyNMT(_ text: inout [UInt8]) {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      let scalar = text.span.takeScalar(&position)
      switch scalar {
      case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: continue
      case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
        result.append(0x20)
      default: result.append(scalar: scalar)
      }
    }
    text = result
  }
}
