// A text and where it is cut: what pre-tokenisers hand on.

/// Valid UTF-8 in pieces, none of them empty; bytes that belong to no piece are gone.
struct SplitText {
  var bytes: [UInt8]
  private(set) var pieces: [Range<Int>]
  /// Whether the first piece begins where the whole text began.
  private(set) var beginsText: Bool

  init(_ bytes: [UInt8], beginsText: Bool) {
    self.bytes = bytes
    self.beginsText = beginsText
    pieces = bytes.isEmpty ? [] : [0..<bytes.count]
  }

  /// Cuts every piece further; the bytes stay.
  mutating func cut(_ body: (Span<UInt8>, Range<Int>, inout [Range<Int>]) -> Void) {
    var result: [Range<Int>] = []
    result.reserveCapacity(max(pieces.count, bytes.count / 4))
    for piece in pieces { body(bytes.span, piece, &result) }
    take(result)
  }

  /// Cuts every piece at the matches that `matches` finds.
  mutating func cut(
    _ behavior: SplitBehavior, isInverted: Bool = false,
    _ matches: (Span<UInt8>, Range<Int>, (Range<Int>) -> Void) -> Void
  ) {
    cut { text, piece, result in
      var parts = SplitParts(behavior)
      var position = piece.lowerBound
      matches(text, piece) { match in
        if match.lowerBound > position { parts.append(position..<match.lowerBound, isMatch: isInverted, to: &result) }
        parts.append(match, isMatch: !isInverted, to: &result)
        position = match.upperBound
      }
      if position < piece.upperBound {
        parts.append(position..<piece.upperBound, isMatch: isInverted, to: &result)
      }
      parts.end(&result)
    }
  }

  /// Writes every piece anew; a piece that comes out empty is gone.
  mutating func rewrite(_ body: (Span<UInt8>, Range<Int>, Bool, inout [UInt8]) -> Void) {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 4 + pieces.count)
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(pieces.count)
    for (index, piece) in pieces.enumerated() {
      let start = result.count
      body(bytes.span, piece, index == 0 && beginsText, &result)
      if result.count > start { ranges.append(start..<result.count) }
    }
    (bytes, pieces) = (result, ranges)
  }

  private mutating func take(_ ranges: [Range<Int>]) {
    if ranges.first?.lowerBound != pieces.first?.lowerBound { beginsText = false }
    pieces = ranges
  }
}

/// What becomes of what a pattern matches, by the names that a tokenizer.json gives.
public enum SplitBehavior: String, Codable, CaseIterable, Sendable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"
}

/// Collects the parts of one piece, from left to right.
private struct SplitParts {
  let behavior: SplitBehavior
  /// The part that may still grow, and whether it is a match (or ends with one).
  private var open: Range<Int>?
  private var openIsMatch = false

  init(_ behavior: SplitBehavior) { self.behavior = behavior }

  mutating func append(_ range: Range<Int>, isMatch: Bool, to result: inout [Range<Int>]) {
    switch behavior {
    case .removed: if !isMatch { result.append(range) }
    case .isolated: result.append(range)
    case .contiguous: grow(range, isMatch: isMatch, when: openIsMatch == isMatch, &result)
    case .mergedWithPrevious: grow(range, isMatch: isMatch, when: isMatch && !openIsMatch, &result)
    case .mergedWithNext: grow(range, isMatch: isMatch, when: !isMatch && openIsMatch, &result)
    }
  }

  mutating func end(_ result: inout [Range<Int>]) {
    if let open { result.append(open) }
    open = nil
  }

  private mutating func grow(_ range: Range<Int>, isMatch: Bool, when joins: Bool, _ result: inout [Range<Int>]) {
    if let part = open, joins {
      open = part.lowerBound..<range.upperBound
    } else {
      end(&result)
      open = range
    }
    openIsMatch = isMatch
  }
}
