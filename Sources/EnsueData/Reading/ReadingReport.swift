// What reading did, so that nothing is silent.

import EnsueFiles

/// The account of a reading: files, rows, and everything that was skipped or changed.
public struct ReadingReport: Sendable, Equatable, CustomStringConvertible {
  /// The files, in the order they were read.
  public var files: [SourceFile] = []
  /// Rows that became examples, before duplicates were replaced.
  public var rows = 0
  /// Empty lines passed over.
  public var blankLines = 0
  /// Bytes that were not UTF-8 and became U+FFFD.
  public var replacedBytes = 0
  /// Rows replaced by a later row with the same identifier.
  public var replacedDuplicates = 0
  /// Text behind the last column of a row that was left out (the dates of ten rows of SemEval-2017).
  public var ignoredFields = 0
  /// Further things to know, one line each.
  public var notes: [String] = []
  private var skipped: [SkippedRowReason: SkippedRows] = [:]

  public init() {}

  /// Rows left out for one reason.
  public struct SkippedRows: Sendable, Equatable {
    public fileprivate(set) var count: Int
    /// The first of them, as `file:line`.
    public let firstPlace: String
  }

  /// The rows skipped, with reasons, in the order of `SkippedRowReason`.
  public var skippedRows: [(reason: SkippedRowReason, rows: SkippedRows)] {
    SkippedRowReason.allCases.compactMap { reason in skipped[reason].map { (reason, $0) } }
  }

  /// How many rows were skipped in all.
  public var skippedCount: Int { skippedRows.reduce(0) { $0 + $1.rows.count } }

  mutating func skip(_ reason: SkippedRowReason, at place: String) {
    skipped[reason, default: SkippedRows(count: 0, firstPlace: place)].count += 1
  }

  /// What happened, a line each; things that did not happen are not mentioned.
  public var lines: [String] {
    var lines = files.map { "\($0.path): \(PrintedNumber.counted($0.bytes, "byte", "bytes")), digest \($0.digest)" }
    lines.append("\(PrintedNumber.counted(rows, "row", "rows")) read")
    for (reason, rows) in skippedRows {
      let counted = PrintedNumber.counted(rows.count, "row", "rows")
      lines.append("\(counted) skipped \(reason.summary), the first at \(rows.firstPlace)")
    }
    let counts = [
      (
        replacedDuplicates, "earlier row replaced by a later one with the same identifier",
        "earlier rows replaced by later ones with the same identifier"
      ),
      (replacedBytes, "byte that was not UTF-8 replaced", "bytes that were not UTF-8 replaced"),
      (ignoredFields, "field behind the text ignored", "fields behind the text ignored"),
      (blankLines, "blank line passed over", "blank lines passed over"),
    ]
    for (count, one, many) in counts where count > 0 { lines.append(PrintedNumber.counted(count, one, many)) }
    return lines + notes
  }

  public var description: String { lines.joined(separator: "\n") }

  /// An object with every count.
  public var json: JSONValue {
    .object([
      "files": .array(files.map(\.json)), "rows": .number(rows),
      "skipped": .array(
        skippedRows.map { reason, rows in
          .object([
            "reason": .string(reason.rawValue), "rows": .number(rows.count), "first": .string(rows.firstPlace),
          ])
        }),
      "replacedDuplicates": .number(replacedDuplicates), "replacedBytes": .number(replacedBytes),
      "ignoredFields": .number(ignoredFields), "blankLines": .number(blankLines),
      "notes": .array(notes.map { .string($0) }),
    ])
  }
}
