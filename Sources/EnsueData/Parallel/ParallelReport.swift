// What reading parallel text did, so that nothing is silent.

import EnsueFiles

/// The account of a parallel data set: files, pairs read, and everything that was dropped or changed.
public struct ParallelReport: Sendable, Equatable, CustomStringConvertible {
  /// The files, in the order they were read; none for generated pairs.
  public var files: [SourceFile] = []
  /// Pairs that were read or generated, the dropped ones among them.
  public var read = 0
  /// Empty rows of a table.
  public var blankLines = 0
  /// Bytes that were not UTF-8 and became U+FFFD.
  public var replacedBytes = 0
  /// Further things to know, one line each.
  public var notes: [String] = []
  private var dropped: [DroppedPairReason: DroppedPairs] = [:]

  public init() {}

  /// Pairs dropped for one reason.
  public struct DroppedPairs: Sendable, Equatable {
    public fileprivate(set) var count: Int
    /// The first of them, as `file:line`.
    public let firstPlace: String
  }

  /// The pairs dropped, with reasons, in the order of `DroppedPairReason`.
  public var droppedPairs: [(reason: DroppedPairReason, pairs: DroppedPairs)] {
    DroppedPairReason.allCases.compactMap { reason in dropped[reason].map { (reason, $0) } }
  }

  /// How many pairs were dropped for a reason.
  public func droppedCount(_ reason: DroppedPairReason) -> Int { dropped[reason]?.count ?? 0 }

  /// How many pairs were dropped in all.
  public var droppedCount: Int { droppedPairs.reduce(0) { $0 + $1.pairs.count } }

  /// How many pairs are left.
  public var kept: Int { read - droppedCount }

  mutating func drop(_ reason: DroppedPairReason, at place: String) {
    dropped[reason, default: DroppedPairs(count: 0, firstPlace: place)].count += 1
  }

  /// What happened, a line each; things that did not happen are not mentioned.
  public var lines: [String] {
    var lines = files.map { "\($0.path): \(PrintedNumber.counted($0.bytes, "byte", "bytes")), digest \($0.digest)" }
    lines.append("\(PrintedNumber.counted(read, "pair", "pairs")), \(PrintedNumber.grouped(kept)) kept")
    return lines + changes + notes
  }

  /// What was dropped, replaced or passed over, a line each.
  public var changes: [String] {
    var lines: [String] = []
    for (reason, pairs) in droppedPairs {
      let counted = PrintedNumber.counted(pairs.count, "pair", "pairs")
      lines.append("\(counted) dropped \(reason.summary), the first at \(pairs.firstPlace)")
    }
    if replacedBytes > 0 {
      lines.append(
        "\(PrintedNumber.counted(replacedBytes, "byte that was", "bytes that were")) not UTF-8 replaced")
    }
    if blankLines > 0 {
      lines.append(PrintedNumber.counted(blankLines, "blank line passed over", "blank lines passed over"))
    }
    return lines
  }

  public var description: String { lines.joined(separator: "\n") }

  /// An object with every count.
  public var json: JSONValue {
    .object([
      "files": .array(files.map(\.json)), "read": .number(read), "kept": .number(kept),
      "dropped": .array(
        droppedPairs.map { reason, pairs in
          .object([
            "reason": .string(reason.rawValue), "pairs": .number(pairs.count), "first": .string(pairs.firstPlace),
          ])
        }),
      "blankLines": .number(blankLines), "replacedBytes": .number(replacedBytes),
      "notes": .array(notes.map { .string($0) }),
    ])
  }
}
