// Finds the columns wanted, such as text and label, in a table by its first row.

import EnsueFiles

/// Where columns stand in the rows of a table.
struct TableLayout {
  /// Of the columns wanted, in their order.
  let indices: [Int]
  let columnCount: Int
  let hasHeader: Bool
  /// Whether nobody said so: the row that was taken for data might be a header with unusual names.
  let headerIsGuess: Bool

  /// - Parameters:
  ///   - row: the first row.
  ///   - columns: two or more, in the order that they have when nothing says otherwise and there are no others.
  init(row: DelimitedReader.Row, path: String, delimiter: UInt8, columns: [TableColumn], header: HeaderKind) throws {
    let place = "\(path):\(row.line)"
    let names = row.fields.map { String(decoding: $0.trimmed, as: UTF8.self) }
    try TableLayout.checkSeparator(row, delimiter: delimiter, columns, place: place)
    hasHeader = TableLayout.hasHeader(names, columns, header)
    headerIsGuess = header == .auto && !hasHeader
    if hasHeader { try TableLayout.checkNames(names, place: place) }
    columnCount = names.count
    let known = hasHeader ? names : nil
    var found = try columns.map { try TableLayout.index(of: $0, names: known, count: names.count, place: place) }
    for index in columns.indices where hasHeader && found[index] == nil {
      found[index] = TableLayout.usual(columns[index], in: names, except: found)
    }
    if names.count == columns.count {
      var rest = names.indices.filter { !found.contains($0) }[...]
      for index in columns.indices where found[index] == nil { found[index] = rest.popFirst() }
    }
    indices = try zip(columns, found).map { column, index in
      guard let index else { throw TableLayout.unclear(column, names, known != nil, place) }
      return index
    }
    try TableLayout.checkDistinct(columns, indices, place)
  }

  private static func checkDistinct(_ columns: [TableColumn], _ indices: [Int], _ place: String) throws {
    for (index, column) in columns.enumerated() {
      guard let other = indices[..<index].firstIndex(of: indices[index]) else { continue }
      let first = columns[other]
      throw Failure(
        .usage, at: place,
        "two columns for \(first.meaning) and \(column.meaning) expected, found column \(indices[index] + 1) for both",
        advice: "Name them with \(first.option) and \(column.option).")
    }
  }

  private static func hasHeader(_ names: [String], _ columns: [TableColumn], _ header: HeaderKind) -> Bool {
    switch header {
    case .yes: return true
    case .no: return false
    case .auto:
      for case .name? in columns.map(\.selector) { return true }
      var found: [Int?] = []
      for column in columns { found.append(usual(column, in: names, except: found)) }
      return !found.contains(nil)
    }
  }

  /// The index of the first of a column's usual names (any case of ASCII letters).
  private static func usual(_ column: TableColumn, in names: [String], except taken: [Int?]) -> Int? {
    let lowered = names.map { $0.lowercased() }
    for name in column.usualNames {
      if let index = lowered.indices.first(where: { lowered[$0] == name && !taken.contains($0) }) { return index }
    }
    return nil
  }

  private static func checkSeparator(
    _ row: DelimitedReader.Row, delimiter: UInt8, _ columns: [TableColumn], place: String
  ) throws {
    guard row.fields.count == 1, let only = row.fields.first else { return }
    let candidates: [(byte: UInt8, hint: String)] = [
      (UInt8(ascii: "\t"), "Is it tab separated? Say so with --format tsv."),
      (UInt8(ascii: ","), "Is it comma separated? Say so with --format csv."),
      (UInt8(ascii: ";"), "Is it separated by semicolons? Convert it to tabs or commas."),
    ]
    let hint = candidates.first { $0.byte != delimiter && only.contains($0.byte) }?.hint
    func each(_ words: (TableColumn) -> String) -> String { columns.map(words).joined(separator: " and ") }
    throw Failure(
      .data, at: place, "\(each { "a \($0.meaning) column" }) expected, found 1 column",
      advice: hint ?? "Each row needs \(each { "a \($0.meaning)" }).")
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
    of column: TableColumn, names: [String]?, count: Int, place: String
  ) throws -> Int? {
    let option = column.option
    switch column.selector {
    case nil: return nil
    case .number(let number)?:
      guard number <= count else {
        throw Failure(
          .data, at: place, "column \(number) expected, found \(count) columns",
          advice: "Give \(option) a number from 1 to \(count).")
      }
      return number - 1
    case .name(let name)?:
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
    _ column: TableColumn, _ names: [String], _ hasHeader: Bool, _ place: String
  ) -> Failure {
    let found = hasHeader ? "the columns \(listed(names))" : "\(names.count) columns without a header"
    return Failure(
      .data, at: place, "a column that is the \(column.meaning) expected, found \(found)",
      advice: (column.advice ?? "Name it with \(column.option)")
        + (hasHeader ? "." : ", or say --header yes if this row is a header."))
  }

  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(20).map { Failure.shown($0) }.joined(separator: ", ")
    return names.count > 20 ? "\(shown), … (\(names.count) columns)" : shown
  }
}
