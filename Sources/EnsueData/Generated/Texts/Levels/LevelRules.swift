// Whether a level can be played: every rule by itself.

/// A rule that is broken, and where.
public struct LevelViolation: Sendable, Equatable {
  public let rule: LevelRule
  /// From 0; nil where the whole level is at fault.
  public let column: Int?

  public init(rule: LevelRule, column: Int?) { (self.rule, self.column) = (rule, column) }
}

/// The checker of levels.
public enum LevelRules {
  /// The columns of a level.
  public static let lengths = 16...40
  static let highestGround = 3
  static let widestGap = 3
  static let pipeHeights = [2, 4]
  static let platformLengths = 2...5
  /// The free tiles between ground and platform.
  static let platformRoom = 3

  /// What is wrong with a level: for each rule the first column, where there is one. A text of another shape breaks
  /// that rule, and no other is asked.
  public static func violations(in text: some StringProtocol) -> [LevelViolation] {
    guard let map = LevelMap(text) else { return [LevelViolation(rule: .shape, column: nil)] }
    return violations(in: map)
  }

  public static func violations(in map: LevelMap) -> [LevelViolation] {
    LevelRule.allCases.compactMap { rule in
      firstFault(of: rule, in: map).map { LevelViolation(rule: rule, column: $0) }
    }
  }

  private static func firstFault(of rule: LevelRule, in map: LevelMap) -> Int? {
    let columns = map.columns.indices
    switch rule {
    case .shape: return nil
    // The first column that is missing, or too many.
    case .length: return lengths.contains(columns.count) ? nil : min(columns.count, lengths.upperBound)
    case .ground: return columns.first { !isGrounded(map, $0) }
    case .steps: return stepFault(map)
    case .gaps: return columns.first { isTooWideGap(map, startingAt: $0) }
    case .pipes: return pipeFault(map)
    case .platforms: return columns.first { !hasSoundPlatforms(map, $0) }
    case .coins: return columns.first { !everyTile(.coin, of: map.columns[$0], liesOn: .platform) }
    case .enemies: return columns.first { !everyTile(.enemy, of: map.columns[$0], liesOn: .ground) }
    case .ends: return (Array(columns.prefix(2)) + columns.suffix(2)).first { !isBareGround(map, $0) }
    }
  }

  private static func isGrounded(_ map: LevelMap, _ column: Int) -> Bool {
    let height = map.groundHeight(column)
    return height <= highestGround && !map.columns[column][height...].contains(.ground)
  }

  private static func stepFault(_ map: LevelMap) -> Int? {
    var last: Int?
    for column in map.columns.indices {
      let height = map.groundHeight(column)
      guard height > 0 else { continue }
      if let last, abs(height - last) > 1 { return column }
      last = height
    }
    return nil
  }

  private static func isTooWideGap(_ map: LevelMap, startingAt column: Int) -> Bool {
    let columns = column...column + widestGap
    return columns.upperBound < map.columns.count && columns.allSatisfy { map.groundHeight($0) == 0 }
  }

  /// Reads pipes from the left, two columns at a time.
  private static func pipeFault(_ map: LevelMap) -> Int? {
    /// The ground under a pipe and its height; nil where its tiles do not stand in one piece on ground.
    func pipe(_ column: Int) -> (ground: Int, height: Int)? {
      let ground = map.groundHeight(column)
      let height = map.columns[column][ground...].prefix { $0 == .pipe }.count
      let isWhole = height == map.columns[column].count { $0 == .pipe }
      return ground > 0 && isWhole && pipeHeights.contains(height) ? (ground, height) : nil
    }
    var column = 0
    while column < map.columns.count {
      guard map.columns[column].contains(.pipe) else {
        column += 1
        continue
      }
      guard column + 1 < map.columns.count, let left = pipe(column), let right = pipe(column + 1), left == right else {
        return column
      }
      column += 2
    }
    return nil
  }

  /// Whether every platform tile of a column has its room below, and neighbours that make a platform of fair length.
  private static func hasSoundPlatforms(_ map: LevelMap, _ column: Int) -> Bool {
    map.columns[column].indices.filter { map.columns[column][$0] == .platform }.allSatisfy { row in
      let ground = map.groundHeight(column)
      guard ground > 0, row == ground + platformRoom else { return false }
      let isFree = map.columns[column][ground..<row].allSatisfy { $0 == .air || $0 == .enemy }
      let length =
        map.columns[..<column].reversed().prefix { $0[row] == .platform }.count
        + map.columns[column...].prefix { $0[row] == .platform }.count
      return isFree && platformLengths.contains(length)
    }
  }

  private static func everyTile(_ tile: LevelTile, of column: [LevelTile], liesOn below: LevelTile) -> Bool {
    column.indices.allSatisfy { column[$0] != tile || $0 > 0 && column[$0 - 1] == below }
  }

  private static func isBareGround(_ map: LevelMap, _ column: Int) -> Bool {
    let height = map.groundHeight(column)
    return height > 0 && map.columns[column][height...].allSatisfy { $0 == .air }
  }
}
