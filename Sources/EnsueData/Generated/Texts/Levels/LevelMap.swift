// A level as a grid of tiles.

/// Columns of tiles, from left to right; each from the bottom up.
public struct LevelMap: Sendable, Equatable {
  /// The tiles of a column.
  public static let rowCount = 9
  /// The most columns that are read.
  public static let columnLimit = 100

  public let columns: [[LevelTile]]

  /// - Precondition: `rowCount` tiles in every column.
  init(_ columns: [[LevelTile]]) {
    precondition(columns.allSatisfy { $0.count == LevelMap.rowCount }, "LevelMap: columns of other heights")
    self.columns = columns
  }

  /// A level from its text: a line a column, the lowest tile first. nil where it has another shape: a column
  /// that is too short or too long, an unknown tile, more columns than `columnLimit`.
  public init?(_ text: some StringProtocol) {
    self.init(Array(text.utf8))
  }

  init?(_ text: [UInt8]) {
    guard text.count <= (LevelMap.rowCount + 1) * LevelMap.columnLimit else { return nil }
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count <= LevelMap.columnLimit else { return nil }
    var columns: [[LevelTile]] = []
    for line in lines {
      let tiles = line.compactMap { LevelTile(rawValue: $0) }
      guard tiles.count == line.count, tiles.count == LevelMap.rowCount else { return nil }
      columns.append(tiles)
    }
    self.columns = columns
  }

  /// A line a column, the lowest tile first; no line end after the last.
  public var text: String {
    let lines = columns.map { String(decoding: $0.map(\.rawValue), as: UTF8.self) }
    return lines.joined(separator: "\n")
  }

  /// The level as one sees it: a line a row, the highest first.
  public var picture: String {
    let lines = (0..<LevelMap.rowCount).reversed().map { row in
      String(decoding: columns.map { $0[row].rawValue }, as: UTF8.self)
    }
    return lines.joined(separator: "\n")
  }

  /// The tiles of ground at the bottom of a column, 0 where there is a gap.
  func groundHeight(_ column: Int) -> Int { columns[column].prefix { $0 == .ground }.count }
}
