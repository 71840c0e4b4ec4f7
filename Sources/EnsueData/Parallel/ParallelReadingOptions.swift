// Everything a user can say about how parallel text is read.

/// How to read files of parallel text.
public struct ParallelReadingOptions: Sendable, Equatable {
  public var encoding: TextEncodingKind
  public var badBytes: BadBytePolicy
  /// The column of the source in a table; nil: by its name in the header, else the first of two columns.
  public var sourceColumn: ColumnSelector?
  /// The column of the target in a table; nil: by its name in the header, else the second of two columns.
  public var targetColumn: ColumnSelector?
  public var header: HeaderKind
  /// nil: as the format usually is, none for TSV and minimal for CSV.
  public var quoting: QuotingKind?
  /// The longest line or field accepted, in bytes.
  public var lineLimit: Int

  /// Some millions of words.
  public static let defaultLineLimit = 64 << 20

  public init(
    encoding: TextEncodingKind = .utf8, badBytes: BadBytePolicy = .reject, sourceColumn: ColumnSelector? = nil,
    targetColumn: ColumnSelector? = nil, header: HeaderKind = .auto, quoting: QuotingKind? = nil,
    lineLimit: Int = defaultLineLimit
  ) {
    self.encoding = encoding
    self.badBytes = badBytes
    self.sourceColumn = sourceColumn
    self.targetColumn = targetColumn
    self.header = header
    self.quoting = quoting
    self.lineLimit = lineLimit
  }
}
