// Weight maps as text and as pictures: whatever the width, the numbers and the names.

import EnsueReport
import Testing

@Suite("weight maps")
struct WeightMapTests {
  private static let words = ["the", "food", "was", "very", "good"]

  /// Weights of every word over every word, each row's sum 1.
  static func map(_ labels: [String]) -> WeightMap {
    let values = labels.indices.map { row in
      let raw = labels.indices.map { Double(($0 * 7 + row * 3) % 11) }
      let sum = max(raw.reduce(0, +), 1)
      return raw.map { $0 / sum }
    }
    return WeightMap(title: "layer 1, head 1", rowLabels: labels, columnLabels: labels, values: values)
  }

  /// A text without its colours.
  private static func plain(_ text: String) -> String {
    var result = ""
    var isEscape = false
    for scalar in text.unicodeScalars {
      if scalar == "\u{1B}" { isEscape = true }
      if !isEscape { result.unicodeScalars.append(scalar) }
      if isEscape, scalar == "m" { isEscape = false }
    }
    return result
  }

  @Test func aWideTerminalHasWordsOverColumns() {
    let text = WeightMapText(WeightMapTests.map(WeightMapTests.words), shading: .numbers).text(width: 60)
    #expect(
      text == """
             the food was very good
        the    .   27  12   38   23
        food  10   33  20    7   30
        was   26    9  39   22    4
        very  33   19   4   30   15
        good   5   40  20    .   35

        """)
  }

  @Test func aNarrowTerminalHasNumbersOverColumns() {
    let labels = ["the", "performances", "were", "extraordinarily", "good"]
    let text = WeightMapText(WeightMapTests.map(labels), shading: .numbers).text(width: 34)
    #expect(
      text == """
                     1   2   3   4   5
        1 the        .  27  12  38  23
        2 perform…  10  33  20   7  30
        3 were      26   9  39  22   4
        4 extraor…  33  19   4  30  15
        5 good       5  40  20   .  35

        """)
  }

  @Test func aVeryNarrowTerminalHasALineForEachRow() {
    let text = WeightMapText(WeightMapTests.map(WeightMapTests.words), shading: .numbers).text(width: 22)
    #expect(
      text == """
        the   very 38  food 27
        food  food 33  good 30
        was   was 39  the 26
        very  the 33  very 30
        good  food 40  good 35

        """)
  }

  @Test(arguments: ShadingKind.allCases)
  func noLineIsLongerThanTheTerminal(_ shading: ShadingKind) {
    for width in 20...130 {
      for count in [1, 2, 9, 15, 40, 120] {
        let labels = (0..<count).map { Hostile.names[$0 % Hostile.names.count] }
        let map = WeightMapTests.map(labels)
        var texts = [WeightMapText(map, shading: shading).text(width: width)]
        texts.append(
          ShadedWords(labels, weights: map.values[0], shading: shading, largest: map.largest).text(width: width))
        for text in texts {
          for line in WeightMapTests.plain(text).split(separator: "\n") {
            #expect(DisplayText.width(String(line)) <= width, "\(shading), \(width), \(count): \(line)")
          }
          #expect(!WeightMapTests.plain(text).unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        }
      }
    }
  }

  @Test func moreWeightIsAStrongerShade() {
    let labels = (0..<9).map { "word\($0)" }
    let map = WeightMap(
      title: "", rowLabels: ["all"], columnLabels: labels, values: [labels.indices.map { Double($0) / 8 }])
    let blocks = WeightMapText(map, shading: .blocks).text(width: 100).split(separator: "\n")[1]
    let rank = [" ", "░", "▒", "▓", "█"]
    let ranks = blocks.dropFirst(3).compactMap { rank.firstIndex(of: String($0)) }
    #expect(ranks == ranks.sorted() && ranks.first == 0 && ranks.last == 4 && Set(ranks).count == 5)
    let coloured = WeightMapText(map, shading: .colours).text(width: 100)
    let backgrounds = coloured.components(after: "48;5;")
    #expect(Set(backgrounds).count == 8 && backgrounds.count == 9)
  }

  @Test func numbersWithoutAMeaningHaveNoShade() throws {
    let map = WeightMap(
      title: "odd", rowLabels: ["a", "b"], columnLabels: ["c", "d", "e"],
      values: [[.nan, .infinity, -0.5], [0, -.infinity, .leastNonzeroMagnitude]])
    #expect(map.largest == 0.5)
    for shading in ShadingKind.allCases { #expect(!WeightMapText(map, shading: shading).text(width: 40).isEmpty) }
    let probe = try ChartTests.probe(WeightMapChart(title: "t", sections: [.init(title: "s", maps: [map])]).svg)
    let shades = probe.elements.compactMap { $0.attributes["fill-opacity"] }
    #expect(shades == ["1"])
  }

  @Test func nothingToShowIsShown() throws {
    let empty = WeightMap(title: "", rowLabels: [], columnLabels: [], values: [])
    #expect(WeightMapText(empty, shading: .numbers).text(width: 40) == "\n")
    try ChartTests.probe(WeightMapChart(title: "", sections: []).svg)
    try ChartTests.probe(WeightMapChart(title: "", sections: [.init(title: "", maps: [empty])]).svg)
  }

  @Test(arguments: [1, 2, 17, 41, 90])
  func picturesHoldEveryWord(_ count: Int) throws {
    let labels = (0..<count).map { "w\($0)" }
    let maps = (0..<3).map { _ in WeightMapTests.map(labels) }
    let probe = try ChartTests.probe(
      WeightMapChart(title: "attention", sections: [.init(title: "a sentence", maps: maps)]).svg)
    let texts = probe.texts(of: "text")
    for label in labels { #expect(texts.count { $0.hasSuffix(label) && $0.count == label.count } >= 3) }
    #expect(probe.elements.compactMap { $0.attributes["fill-opacity"] }.compactMap { Double($0) }.max() ?? 0 <= 1)
  }

  @Test func aPictureIsAsWideAsWhatItShows() throws {
    func width(_ count: Int) throws -> Double {
      let maps = (0..<count).map { _ in WeightMapTests.map(["a", "b", "c", "d"]) }
      let svg = WeightMapChart(title: "attention", sections: [.init(title: "a b", maps: maps)]).svg
      let root = try #require(ChartTests.probe(svg).elements.first { $0.name == "svg" })
      return try #require(root.attributes["width"].flatMap { Double($0) })
    }
    #expect(try width(1) < 300)
    #expect(try width(1) < width(3))
    #expect(try width(40) <= 1040)
  }

  @Test func picturesSurviveAllNames() throws {
    let section = WeightMapChart.Section(title: Hostile.names[0], maps: [WeightMapTests.map(Hostile.names)])
    let row = WeightMap(
      title: Hostile.names[5], rowLabels: ["x"], columnLabels: Hostile.names,
      values: [WeightMapTests.map(Hostile.names).values[0]])
    try ChartTests.probe(
      WeightMapChart(title: Hostile.names[11], sections: [section, .init(title: "", maps: [row])]).svg)
  }

  @Test func aPictureIsCutWhereItWouldHaveNoEnd() throws {
    let labels = (0..<WeightMapChart.limit + 50).map { "w\($0)" }
    let svg = WeightMapChart(title: "", sections: [.init(title: "", maps: [WeightMapTests.map(labels)])]).svg
    let probe = try ChartTests.probe(svg)
    #expect(probe.texts(of: "text").contains("the first 150 of 200 drawn"))
    #expect(!probe.texts(of: "text").contains("w150") && probe.texts(of: "text").contains("w149"))
  }
}

extension String {
  /// What stands between each `mark` and the next letter m.
  fileprivate func components(after mark: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let found = rest.firstRange(of: mark) {
      rest = rest[found.upperBound...]
      parts.append(String(rest.prefix { $0 != "m" }))
    }
    return parts
  }
}
