// What a list of alignment or distribution functions says of each. The cards stand in the functions' own files.

/// A function of attention in words.
public struct AttentionFunctionCard: Sendable, Equatable {
  /// Short enough for the head of a column.
  public let title: String
  /// As plain text: q a query, k a key, e the scores of one query, a its weights.
  public let equation: String
  /// What sets it apart, in one line.
  public let summary: String
  /// Authors and year of where it was first described.
  public let paper: String
}
