// A table as a value: the same rows go to a terminal, into Markdown and into HTML.

import EnsueEvaluation

/// A table of text cells.
public struct TextTable: Sendable, Equatable {
  /// Where a column's cells stand: words at the leading edge, numbers at the trailing one.
  public enum Alignment: Sendable { case leading, trailing }

  /// The head of a column.
  public struct Column: Sendable, Equatable {
    public let title: String
    public let alignment: Alignment

    public init(_ title: String, _ alignment: Alignment = .leading) {
      self.title = title
      self.alignment = alignment
    }
  }

  /// A cell's place.
  public struct Position: Sendable, Hashable {
    public let row: Int
    public let column: Int

    public init(row: Int, column: Int) {
      self.row = row
      self.column = column
    }
  }

  public let columns: [Column]
  public let rows: [[String]]
  /// Cells shown strongly, for example the best of a column: bold in markup, followed by `*` in plain text.
  public let emphasized: Set<Position>

  /// - Precondition: there is a column, and every row has as many cells as there are columns.
  public init(columns: [Column], rows: [[String]], emphasized: Set<Position> = []) {
    precondition(!columns.isEmpty, "a table needs a column")
    for (index, row) in rows.enumerated() {
      precondition(row.count == columns.count, "row \(index) has \(row.count) cells for \(columns.count) columns")
    }
    self.columns = columns
    self.rows = rows
    self.emphasized = emphasized
  }

  func isEmphasized(_ row: Int, _ column: Int) -> Bool { emphasized.contains(Position(row: row, column: column)) }
}
