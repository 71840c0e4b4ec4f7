// Levels: every rule can be broken by itself, and is then named with its column.

import EnsueData
import Testing

@Suite struct LevelTests {
  /// Bare ground with a gap, a pipe, a platform with a coin and an enemy under it.
  private static let sound = [
    "##.......", "##.......", "##.......", ".........", "###......", "###||....", "###||....", "###......", "###...=o.",
    "###e..=..", "###......", "##.......", "##||||...", "##||||...", "##.......", "#........", "#........",
  ]

  /// Columns that are put in place of others, the rule that they break, and the first column at fault.
  private static let faults: [(LevelRule, [Int: String], Int)] = [
    (LevelRule.ground, [2: "##..#...."], 2), (.ground, [10: "####....."], 10),
    (.steps, [4: "#........"], 5), (.steps, [3: "#........", 4: "###......"], 4),
    (.gaps, [2: ".........", 4: ".........", 5: ".........", 6: "........."], 2),
    (.pipes, [5: "###......"], 6), (.pipes, [6: "###||||.."], 5), (.pipes, [5: "###|.....", 6: "###|....."], 5),
    (.pipes, [5: "###|||...", 6: "###|||..."], 5), (.pipes, [6: "##||....."], 5), (.pipes, [7: "###||...."], 7),
    (.pipes, [5: "###.||...", 6: "###.||..."], 5), (.pipes, [3: ".||......"], 3),
    (.platforms, [9: "###e....."], 8), (.platforms, [8: "###..=o..", 9: "###..=..."], 8),
    (.platforms, [8: "###o..=.."], 8), (.platforms, [8: "##....=o."], 8), (.coins, [7: "###..o..."], 7),
    (.coins, [8: "###...=.o"], 8), (.enemies, [7: "###.e...."], 7), (.enemies, [3: "e........"], 3),
    (.enemies, [9: "###.e.=.."], 9), (.ends, [0: "##e......"], 0), (.ends, [16: "........."], 16),
    (.ends, [15: "#e......."], 15),
  ]

  private static func violations(_ changes: [Int: String]) -> [LevelViolation] {
    var columns = sound
    for (column, text) in changes { columns[column] = text }
    return LevelRules.violations(in: columns.joined(separator: "\n"))
  }

  @Test func aSoundLevelBreaksNoRule() throws {
    #expect(LevelTests.violations([:]).isEmpty)
    #expect(TextTaskKind.levels.isValid(LevelTests.sound.joined(separator: "\n")))
    let map = try #require(LevelMap(LevelTests.sound.joined(separator: "\n")))
    #expect(map.text == LevelTests.sound.joined(separator: "\n"))
    let rows = map.picture.split(separator: "\n")
    #expect(rows.count == 9 && rows[0] == ".................")
    #expect(rows[8] == "###.#############" && rows[7] == "###.###########..")
  }

  @Test(arguments: faults)
  func eachRuleCanBeBroken(_ rule: LevelRule, _ changes: [Int: String], _ column: Int) {
    let found = LevelTests.violations(changes)
    #expect(found.contains(LevelViolation(rule: rule, column: column)), "\(found)")
  }

  @Test func otherShapes() {
    let shape = [LevelViolation(rule: .shape, column: nil)]
    for changes in [[3: "........"], [3: ".........."], [3: "....X...."], [3: ""]] {
      #expect(LevelTests.violations(changes) == shape)
    }
    #expect(LevelRules.violations(in: "") == shape)
    #expect(LevelRules.violations(in: LevelTests.sound.joined(separator: "\n") + "\n") == shape)
    func length(_ count: Int) -> [LevelViolation] {
      LevelRules.violations(in: Array(repeating: "##.......", count: count).joined(separator: "\n"))
    }
    for count in [1, 2, 15] { #expect(length(count) == [LevelViolation(rule: .length, column: count)]) }
    for count in [41, 100] { #expect(length(count) == [LevelViolation(rule: .length, column: 40)]) }
    #expect(length(16).isEmpty && length(40).isEmpty && length(101) == shape)
  }

  /// Everything that there are rules for occurs.
  @Test func levelsAreVaried() throws {
    var (tiles, gaps, lengths) = (Set<LevelTile>(), Set<Int>(), Set<Int>())
    for index in 0..<300 {
      let map = try #require(LevelMap(TextTask(.levels).sample(index)))
      tiles.formUnion(map.columns.joined())
      lengths.insert(map.columns.count)
      let runs = map.columns.split { $0[0] == .ground }.map(\.count)
      gaps.formUnion(runs)
    }
    #expect(tiles == Set(LevelTile.allCases) && gaps == [1, 2, 3] && lengths.count > 8)
  }
}
