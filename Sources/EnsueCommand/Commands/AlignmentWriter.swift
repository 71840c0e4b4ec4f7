// Alignments as text, as JSON and as a picture.

import EnsueFiles
import EnsueReport
import EnsueTasks

/// Writes readings of translations.
struct AlignmentWriter {
  let shading: ShadingKind
  let width: Int

  /// A reading for people: the translation's symbols are rows, the source's columns.
  func text(_ reading: TranslationReading) -> String {
    var text = wrapped(reading.source) + wrapped("> \(reading.target)")
    let score = Format.fixed(reading.logProbability, places: 3)
    text += wrapped("log-probability \(score), \(Format.count(reading.targetTokens.count)) symbols")
    if !reading.unknownPlaces.isEmpty {
      let places = reading.unknownPlaces.map { "\($0 + 1)" }.joined(separator: ", ")
      text += wrapped("not in the vocabulary: symbols of the source at \(places)")
    }
    let maps = AlignmentWriter.maps(reading)
    let largest = maps.reduce(0) { max($0, $1.largest) }
    for map in maps {
      text += "\n" + wrapped("\(map.title), \(unit(largest))")
      text += WeightMapText(map, shading: shading, largest: largest).text(width: width)
    }
    return text
  }

  private func unit(_ largest: Double) -> String {
    switch shading {
    case .numbers: "in per cent"
    case .colours, .blocks: "full shade \(Format.percent(largest, places: 0))"
    }
  }

  /// Control characters, which a terminal would obey, are escaped.
  private func wrapped(_ text: String) -> String {
    TextLayout.wrapped(ExitStatus.escaped(text), width: width, later: width).map { $0 + "\n" }.joined()
  }

  /// A reading as a line for programs.
  func json(_ reading: TranslationReading) -> String {
    let object: JSONValue = .object([
      "source": .string(reading.source), "target": .string(reading.target),
      "logProbability": .number(reading.logProbability),
      "sourceTokens": .array(reading.sourceTokens.map { .string($0) }),
      "targetTokens": .array(reading.targetTokens.map { .string($0) }),
      "unknown": .array(reading.unknownPlaces.map { .number($0) }),
      "maps": .array(
        reading.maps.map { map in
          .object([
            "layer": .number(map.layer), "head": .number(map.head),
            "weights": .array(map.weights.map { .array($0.map { .number($0) }) }),
          ])
        }),
    ])
    return object.description + "\n"
  }

  /// All readings in one picture, a section each.
  static func chart(_ readings: [TranslationReading]) -> WeightMapChart {
    WeightMapChart(
      title: "attention",
      sections: readings.map { WeightMapChart.Section(title: "\($0.source) > \($0.target)", maps: maps($0)) })
  }

  /// The mean of all heads first where there are several.
  static func maps(_ reading: TranslationReading) -> [WeightMap] {
    func map(_ title: String, _ weights: [[Double]]) -> WeightMap {
      WeightMap(title: title, rowLabels: reading.targetTokens, columnLabels: reading.sourceTokens, values: weights)
    }
    let single = reading.maps.count == 1
    let heads = reading.maps.map { map(single ? "attention" : "layer \($0.layer), head \($0.head)", $0.weights) }
    return single ? heads : [map("mean of \(reading.maps.count) heads", reading.mean)] + heads
  }
}
