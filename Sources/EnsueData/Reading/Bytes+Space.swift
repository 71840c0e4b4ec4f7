// White space by bytes.

extension UInt8 {
  /// Space or tab.
  var isBlank: Bool { self == 0x20 || self == 0x09 }

  /// ASCII white space.
  var isSpace: Bool { self == 0x20 || 0x09...0x0D ~= self }
}

extension BidirectionalCollection<UInt8> {
  /// The bytes without ASCII white space at both ends.
  var trimmed: [UInt8] {
    guard let first = firstIndex(where: { !$0.isSpace }), let last = lastIndex(where: { !$0.isSpace }) else {
      return []
    }
    return Array(self[first...last])
  }
}
