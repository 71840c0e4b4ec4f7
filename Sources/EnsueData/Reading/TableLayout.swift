// Finds the text and the label in a table by its first row.

import EnsueFiles

/// Where text and label stand in the rows of a table.
struct TableLayout {
  /// Names that mean the text, and names that mean the label, when nothing else is said; the first that occurs counts.
  static let textNames = [
    "text", "sentence", "review", "tweet", "content", "comment", "phrase", "document", "question",
  ]
  static let labelNames = [
    "label", "labels", "sentiment", "class", "category", "target", "polarity", "rating", "stars",
  ]

  let textColumn: Int
  let labelColumn: Int
  let columnCount: Int
  let hasHeader: Bool
  /// Whether nobody said so: the row that was taken for data might be a header with unusual names.
  let headerIsGuess: Bool

  init(first: DelimitedReader.Row, path: String, delimiter: UInt8, options: ReadingOptions) throws {
    let place = "\(path):\(first.line)"
    let names = first.fields.map { String(decoding: $0.trimmed, as: UTF8.self) }
    try TableLayout.checkSeparator(first, delimiter: delimiter, place: place)
    hasHeader = TableLayout.hasHeader(names, options: options)
    headerIsGuess = options.header == .auto && !hasHeader
    if hasHeader { try TableLayout.checkNames(names, place: place) }
    columnCount = names.count
    let known = hasHeader ? names : nil
    var text = try options.textColumn.map {
      try TableLayout.index(of: $0, option: "--text-column", names: known, count: names.count, place: place)
    }
    var label = try options.labelColumn.map {
      try TableLayout.index(of: $0, option: "--label-column", names: known, count: names.count, place: place)
    }
    if hasHeader {
      text = text ?? TableLayout.usual(TableLayout.textNames, in: names, except: label)
      label = label ?? TableLayout.usual(TableLayout.labelNames, in: names, except: text)
    }
    if names.count == 2 {
      text = text ?? label.map { 1 - $0 } ?? 0
      label = label ?? text.map { 1 - $0 }
    }
    guard let text else { throw TableLayout.unclear("text", "--text-column", names, hasHeader, place) }
    guard let label else { throw TableLayout.unclear("label", "--label-column", names, hasHeader, place) }
    guard text != label else {
      throw Failure(
        .usage, at: place, "two columns for text and label expected, found column \(text + 1) for both",
        advice: "Name them with --text-column and --label-column.")
    }
    textColumn = text
    labelColumn = label
  }

  private static func hasHeader(_ names: [String], options: ReadingOptions) -> Bool {
    switch options.header {
    case .yes: return true
    case .no: return false
    case .auto:
      for case .name? in [options.textColumn, options.labelColumn] { return true }
      let text = usual(textNames, in: names, except: nil)
      return text != nil && usual(labelNames, in: names, except: text) != nil
    }
  }

  /// The index of the first of `wanted` (any case of ASCII letters) among the names.
  private static func usual(_ wanted: [String], in names: [String], except taken: Int?) -> Int? {
    let lowered = names.map { $0.lowercased() }
    for name in wanted {
      if let index = lowered.indices.first(where: { lowered[$0] == name && $0 != taken }) { return index }
    }
    return nil
  }

  private static func checkSeparator(_ first: DelimitedReader.Row, delimiter: UInt8, place: String) throws {
    guard first.fields.count == 1, let only = first.fields.first else { return }
    let candidates: [(byte: UInt8, hint: String)] = [
      (UInt8(ascii: "\t"), "Is it tab separated? Say so with --format tsv."),
      (UInt8(ascii: ","), "Is it comma separated? Say so with --format csv."),
      (UInt8(ascii: ";"), "Is it separated by semicolons? Convert it to tabs or commas."),
    ]
    let hint = candidates.first { $0.byte != delimiter && only.contains($0.byte) }?.hint
    throw Failure(
      .data, at: place, "a text column and a label column expected, found 1 column",
      advice: hint ?? "Each row needs a text and a label.")
  }

  private static func checkNames(_ names: [String], place: String) throws {
    var seen: Set<[UInt8]> = []
    for name in names where !seen.insert(Array(name.utf8)).inserted && !name.isEmpty {
      throw Failure(
        .data, at: place, "a header with each name once expected, found \(Failure.shown(name)) twice",
        advice: "Rename one of the columns.")
    }
  }

  private static func index(
    of selector: ColumnSelector, option: String, names: [String]?, count: Int, place: String
  ) throws -> Int {
    switch selector {
    case .number(let number):
      guard number <= count else {
        throw Failure(
          .data, at: place, "column \(number) expected, found \(count) columns",
          advice: "Give \(option) a number from 1 to \(count).")
      }
      return number - 1
    case .name(let name):
      guard let names else {
        throw Failure(
          .usage, at: place, "a column number expected because there is no header, found \(Failure.shown(name))",
          advice: "Give \(option) a number, or say --header yes.")
      }
      if let index = names.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) { return index }
      let nearest = Failure.nearest(to: name, among: names)
      throw Failure(
        .data, at: place, "the column \(Failure.shown(name)) expected, found the columns \(listed(names))",
        advice: nearest.map { "Did you mean \($0)?" } ?? "Give \(option) one of these names.")
    }
  }

  private static func unclear(
    _ what: String, _ option: String, _ names: [String], _ hasHeader: Bool, _ place: String
  ) -> Failure {
    let found = hasHeader ? "the columns \(listed(names))" : "\(names.count) columns without a header"
    return Failure(
      .data, at: place, "a column that is the \(what) expected, found \(found)",
      advice: "Name it with \(option)" + (hasHeader ? "." : ", or say --header yes if this row is a header."))
  }

  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(20).map { Failure.shown($0) }.joined(separator: ", ")
    return names.count > 20 ? "\(shown), … (\(names.count) columns)" : shown
  }
}
