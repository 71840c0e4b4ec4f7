// What a list of cells says of each. The cards stand in the cells' own files.

/// A recurrent cell in words.
public struct RecurrentCellCard: Sendable, Equatable {
  /// Short enough for the head of a column.
  public let title: String
  /// What sets the cell apart, in one line.
  public let summary: String
  /// Authors and year of where it was first described.
  public let paper: String
}
