// The compiled character map of SentencePiece (Kudo and Richardson, SentencePiece, 2018): a double-array trie (Aoe, An
// efficient digital search algorithm, 1989) from byte strings to places in a list of replacements.

/// Replaces characters as a SentencePiece model's `precompiled_charsmap` says.
public struct PrecompiledCharacterMap: Sendable, Equatable {
  /// The map as in the model's file: bytes of the trie (32 bits), trie, replacements that end with NUL.
  let bytes: [UInt8]
  private let units: [UInt32]
  private let replacementStart: Int

  /// Grapheme clusters of this many bytes and more are looked at scalar by scalar.
  private static let clusterLimit = 6

  /// - Returns: nil when the parts do not fit together.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4 else { return nil }
    let size = Int(bytes.littleEndian32(at: 0))
    guard size % 4 == 0, size > 0, 4 + size <= bytes.count, bytes.count == 4 + size || bytes.last == 0,
      String(validating: bytes[(4 + size)...], as: UTF8.self) != nil
    else { return nil }
    self.bytes = bytes
    units = (0..<size / 4).map { bytes.littleEndian32(at: 4 + 4 * $0) }
    replacementStart = 4 + size
  }

  /// The text with its replacements; linear in its length.
  func apply(to text: inout [UInt8]) {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    let lone = LoneScalars.shared
    var position = 0
    while position < text.count {
      let (end, isCluster) = runEnd(text.span, from: position, lone)
      if isCluster {
        if !replace(text, position..<end, into: &result) {
          for index in position..<end { result.append(text[index]) }
        }
      } else {
        for cluster in String(decoding: text[position..<end], as: UTF8.self) {
          replaceCluster(Array(cluster.utf8), into: &result)
        }
      }
      position = end
    }
    text = result
  }

  /// The end of a stretch that begins and ends between grapheme clusters, and whether it is one of a single scalar: all
  /// up to the next place between two scalars that join nobody.
  private func runEnd(_ text: Span<UInt8>, from start: Int, _ lone: LoneScalars) -> (Int, isCluster: Bool) {
    var end = start
    var isLone = lone.contain(text.takeScalar(&end))
    let first = end
    while end < text.count {
      var next = end
      let followsLone = isLone
      isLone = lone.contain(text.takeScalar(&next))
      if followsLone, isLone { break }
      end = next
    }
    return (end, end == first)
  }

  private func replaceCluster(_ cluster: [UInt8], into result: inout [UInt8]) {
    let whole = cluster.indices
    if cluster.count < PrecompiledCharacterMap.clusterLimit, replace(cluster, whole, into: &result) { return }
    var start = 0
    while start < cluster.count {
      var end = start + 1
      while end < cluster.count, cluster[end] & 0xC0 == 0x80 { end += 1 }
      if !replace(cluster, start..<end, into: &result) { result += cluster[start..<end] }
      start = end
    }
  }

  /// Appends what stands for a whole string when the trie knows it or a beginning of it (the shortest counts).
  private func replace(_ text: [UInt8], _ range: Range<Int>, into result: inout [UInt8]) -> Bool {
    var node = offset(units[0])
    for index in range {
      let byte = text[index]
      if byte == 0 { return false }
      node ^= Int(byte)
      guard node < units.count, units[node] & (1 << 31 | 0xFF) == UInt32(byte) else { return false }
      let unit = units[node]
      node ^= offset(unit)
      if unit >> 8 & 1 == 1 {
        guard node < units.count else { return false }
        var place = replacementStart + Int(units[node] & 0x7FFF_FFFF)
        // A replacement that began inside a character would make invalid UTF-8.
        guard place < bytes.count, bytes[place] & 0xC0 != 0x80 else { return false }
        while bytes[place] != 0 {
          result.append(bytes[place])
          place += 1
        }
        return true
      }
    }
    return false
  }

  private func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 1 << 9) >> 6) }
}
