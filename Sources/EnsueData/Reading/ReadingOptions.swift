// Everything a user can say about how labelled files are read.

/// How to read files of labelled sentences.
public struct ReadingOptions: Sendable, Equatable {
  public var format: DataFormatKind
  /// The column (or JSON key) of the text; `nil`: by its name in the header, else the first of two columns.
  public var textColumn: ColumnSelector?
  /// The column (or JSON key) of a second text, where texts come in pairs; `nil` where they do not.
  public var pairColumn: ColumnSelector?
  /// The column (or JSON key) of the label; `nil`: by its name in the header, else the second of two columns.
  public var labelColumn: ColumnSelector?
  public var labelKind: LabelKind
  public var header: HeaderKind
  /// `nil`: as the format usually is, none for TSV and minimal for CSV.
  public var quoting: QuotingKind?
  public var encoding: TextEncodingKind
  public var badBytes: BadBytePolicy
  /// Leave out rows with a mistake in them, counted, instead of stopping at the first.
  public var skipBadRows: Bool
  /// The longest field or line accepted, in bytes.
  public var fieldLimit: Int

  public init(
    format: DataFormatKind = .automatic, textColumn: ColumnSelector? = nil, pairColumn: ColumnSelector? = nil,
    labelColumn: ColumnSelector? = nil, labelKind: LabelKind = .category, header: HeaderKind = .auto,
    quoting: QuotingKind? = nil, encoding: TextEncodingKind = .utf8, badBytes: BadBytePolicy = .reject,
    skipBadRows: Bool = false, fieldLimit: Int = DelimitedReader.defaultFieldLimit
  ) {
    self.format = format
    self.textColumn = textColumn
    self.pairColumn = pairColumn
    self.labelColumn = labelColumn
    self.labelKind = labelKind
    self.header = header
    self.quoting = quoting
    self.encoding = encoding
    self.badBytes = badBytes
    self.skipBadRows = skipBadRows
    self.fieldLimit = fieldLimit
  }
}
