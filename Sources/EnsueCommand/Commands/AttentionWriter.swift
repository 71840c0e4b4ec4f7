// Attention weights as text, as JSON and as a picture.

import EnsueBundle
import EnsueFiles
import EnsueModels
import EnsueReport
import EnsueTasks

/// Writes readings.
struct AttentionWriter {
  let shading: ShadingKind
  let width: Int

  // MARK: Text

  /// A reading for people.
  func text(_ reading: AttentionReading) -> String {
    let said = [reading.text, reading.pair, AttentionWriter.label(reading)]
    var text = said.compactMap { $0.map(wrapped) }.joined()
    let unknown = zip(reading.tokens, reading.isUnknown).filter(\.1).map(\.0)
    if !unknown.isEmpty { text += wrapped("not in the vocabulary: \(unknown.joined(separator: " "))") }
    for level in AttentionLevelKind.allCases {
      let maps = reading.maps.filter { $0.level == level }
      guard let first = maps.first else { continue }
      let largest = maps.reduce(0) { max($0, weightMap($1).largest) }
      switch level {
      case .selfAttention, .coAttention:
        for map in maps {
          text += "\n" + wrapped("\(AttentionWriter.title(map)), \(unit(largest))")
          text += WeightMapText(weightMap(map), shading: shading, largest: largest).text(width: width)
        }
      case .pooling, .choice, .features:
        text += "\n" + wrapped("\(AttentionWriter.title(first)), \(unit(largest))")
        text += words(first, largest)
      case .words:
        text += "\n" + wrapped("layer 1: the words of each sentence, \(unit(largest))")
        let weights = reading.maps.first { $0.level == .sentences }?.weights[0]
        for (index, map) in maps.enumerated() {
          let weight = weights.map { ", itself \(Format.percent($0[index], places: 0))" } ?? ""
          text += "\(map.queries[0])\(weight)\n\(words(map, largest))"
        }
      case .sentences:
        text += "\n" + wrapped("layer 2: the sentences of the document, \(unit(largest))")
        text += words(first, largest)
      }
    }
    return text
  }

  /// The label and how likely it is.
  private static func label(_ reading: AttentionReading) -> String? {
    reading.label.map { label in reading.probability.map { "\(label) \(Format.percent($0))" } ?? label }
  }

  /// A map of one row: its words, shaded.
  private func words(_ map: AttentionMap, _ largest: Double) -> String {
    ShadedWords(map.keys, weights: map.weights[0], shading: shading, largest: largest).text(width: width)
  }

  private func unit(_ largest: Double) -> String {
    switch shading {
    case .numbers: "in per cent"
    case .colours, .blocks: "full shade \(Format.percent(largest, places: 0))"
    }
  }

  /// Text from an input in lines; control characters, which a terminal would obey, are escaped.
  private func wrapped(_ text: String) -> String {
    TextLayout.wrapped(ExitStatus.escaped(text), width: width, later: width).map { $0 + "\n" }.joined()
  }

  // MARK: JSON

  /// A reading as a line for programs.
  func json(_ reading: AttentionReading) -> String {
    let maps = reading.maps.map { map -> JSONValue in
      .object([
        "level": .string(map.level.rawValue), "layer": .number(map.layer), "head": .number(map.head),
        "queries": .array(map.queries.map { .string($0) }), "keys": .array(map.keys.map { .string($0) }),
        "weights": .array(map.weights.map { .array($0.map { .number($0) }) }),
      ])
    }
    var object: JSONObject = [
      "text": .string(reading.text), "label": reading.label.map { .string($0) } ?? .null,
      "probability": reading.probability.map { .number($0) } ?? .null,
      "tokens": .array(reading.tokens.map { .string($0) }),
      "unknown": .array(reading.isUnknown.indices.filter { reading.isUnknown[$0] }.map { .number($0) }),
      "maps": .array(maps),
    ]
    if let pair = reading.pair { object["pair"] = .string(pair) }
    return JSONValue.object(object).description + "\n"
  }

  // MARK: Pictures

  /// All readings in one picture, a section for each sentence and level.
  func chart(_ readings: [AttentionReading]) -> WeightMapChart {
    let sections = readings.flatMap { reading in
      AttentionLevelKind.allCases.compactMap { level -> WeightMapChart.Section? in
        let maps = reading.maps.filter { $0.level == level }.map(weightMap)
        guard !maps.isEmpty else { return nil }
        return WeightMapChart.Section(title: sectionTitle(reading, level), maps: maps)
      }
    }
    return WeightMapChart(title: "attention", sections: sections)
  }

  private func sectionTitle(_ reading: AttentionReading, _ level: AttentionLevelKind) -> String {
    let what =
      switch level {
      case .selfAttention, .pooling, .choice, .features, .coAttention:
        [reading.text, reading.pair].compactMap(\.self).joined(separator: " / ")
      case .words: "the words of each sentence"
      case .sentences: "the sentences of the document"
      }
    return AttentionWriter.label(reading).map { "\($0): \(what)" } ?? what
  }

  private func weightMap(_ map: AttentionMap) -> WeightMap {
    WeightMap(
      title: AttentionWriter.title(map), rowLabels: map.queries, columnLabels: map.keys, values: map.weights)
  }

  private static func title(_ map: AttentionMap) -> String {
    switch map.level {
    case .selfAttention: "layer \(map.layer), head \(map.head)"
    case .pooling: "attention over the words"
    case .choice: "how probable each word is to be drawn; the likeliest is read"
    case .features: "attention over the words, the mean of all features' weights"
    case .words, .sentences: map.queries[0]
    case .coAttention: "how well the words of both texts fit, the first text's as rows"
    }
  }
}
