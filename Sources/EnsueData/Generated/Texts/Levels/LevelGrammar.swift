// Levels in the manner of the platform games of the 1980s: ground, gaps, pipes, platforms with coins, enemies.

/// A level is a row of parts, each with a column of bare ground behind it: what comes next depends on what has been.
enum LevelGrammar: TextGrammar {
  static var characters: String { String(decoding: LevelTile.allCases.map(\.rawValue).sorted(), as: UTF8.self) }

  static func isValid(_ sample: [UInt8]) -> Bool {
    LevelMap(sample).map { LevelRules.violations(in: $0).isEmpty } ?? false
  }

  static func sample(_ random: inout SplitMix64) -> String {
    var builder = Builder()
    let length = 20 + random.below(9)
    builder.flat(3)
    // The longest part has six columns, and three more end the level.
    while builder.columns.count < length { builder.part(&random) }
    builder.flat(2)
    return LevelMap(builder.columns).text
  }

  /// Columns as they are put down, and how high the ground is.
  private struct Builder {
    var columns: [[LevelTile]] = []
    var ground = 2

    mutating func part(_ random: inout SplitMix64) {
      switch random.below(8) {
      case 0, 1: gap(1 + random.below(LevelRules.widestGap), &random)
      case 2: step(&random)
      case 3, 4: pipe(height: random.element(of: LevelRules.pipeHeights))
      case 5, 6: platform(&random)
      default: enemy()
      }
      flat(1)
    }

    mutating func flat(_ count: Int) {
      for _ in 0..<count { put([]) }
    }

    /// A column of ground with tiles on it, from the ground up.
    private mutating func put(_ tiles: [LevelTile]) {
      let filled = Array(repeating: LevelTile.ground, count: ground) + tiles
      columns.append(filled + Array(repeating: .air, count: LevelMap.rowCount - filled.count))
    }

    private mutating func gap(_ width: Int, _ random: inout SplitMix64) {
      for _ in 0..<width { columns.append(Array(repeating: .air, count: LevelMap.rowCount)) }
      step(&random)
    }

    /// The ground goes on one higher, one lower, or level.
    private mutating func step(_ random: inout SplitMix64) {
      ground = min(max(ground + random.below(3) - 1, 1), LevelRules.highestGround)
      flat(1)
    }

    private mutating func pipe(height: Int) {
      for _ in 0..<2 { put(Array(repeating: .pipe, count: height)) }
    }

    private mutating func enemy() { put([.enemy]) }

    private mutating func platform(_ random: inout SplitMix64) {
      let length = LevelRules.platformLengths.lowerBound + random.below(LevelRules.platformLengths.count)
      for _ in 0..<length {
        let isGuarded = random.chance(1, in: 6)
        let room = (0..<LevelRules.platformRoom).map { $0 == 0 && isGuarded ? LevelTile.enemy : .air }
        put(room + [.platform] + (random.chance(1, in: 2) ? [.coin] : []))
      }
    }
  }
}
