// The rules of levels by name.

/// A rule that a level keeps or not.
public enum LevelRule: String, Codable, CaseIterable, Sendable {
  case shape
  case length
  case ground
  case steps
  case gaps
  case pipes
  case platforms
  case coins
  case enemies
  case ends

  public var summary: String {
    switch self {
    case .shape: "every column has \(LevelMap.rowCount) known tiles"
    case .length: "\(LevelRules.lengths.lowerBound) to \(LevelRules.lengths.upperBound) columns"
    case .ground: "ground lies at the bottom without holes, at most \(LevelRules.highestGround) high"
    case .steps: "from ground to the next ground, also over a gap, it is one up or down at most"
    case .gaps: "a gap is at most \(LevelRules.widestGap) columns wide: it can be jumped"
    case .pipes: "a pipe stands on level ground, two columns wide and 2 or 4 high, the same in both"
    case .platforms: "a platform is 2 to 5 columns long, with 3 free tiles between it and the ground"
    case .coins: "a coin lies on a platform"
    case .enemies: "an enemy stands on ground"
    case .ends: "the first two columns and the last two are bare ground"
    }
  }
}
