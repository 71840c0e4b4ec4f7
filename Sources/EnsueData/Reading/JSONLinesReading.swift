// Labelled sentences in JSON lines: which keys, and what their values may be.

import EnsueFiles

/// Reads labelled sentences from JSON lines into a collector.
struct JSONLinesReading {
  let text: SourceText

  func read(into collector: inout RowCollector) throws {
    var reader = JSONLinesReader(text, lineLimit: collector.options.fieldLimit)
    while let (line, parsed) = try reader.next() {
      do {
        let value = try parsed.get()
        let place = "\(text.path):\(line)"
        guard let object = value.objectValue else {
          throw Failure(.data, at: place, "a JSON object expected, found \(value.kindName)")
        }
        let options = collector.options
        func content(_ column: TableColumn) throws -> [UInt8] {
          let name = try key(column, in: object, at: place)
          return Array(try string(object[name], name, at: place).utf8)
        }
        let labelKey = try key(.label(options), in: object, at: place)
        let label = try label(object[labelKey], options.labelKind, labelKey, at: place)
        try collector.add(
          text: content(.text(options)), pair: TableColumn.pair(options).map(content), label: Array(label.utf8),
          line: line)
      } catch let failure as Failure where collector.options.skipBadRows {
        try collector.skip(.invalidJSON, failure)
      }
    }
    collector.addBlankLines(reader.blankLines)
  }

  private func key(_ column: TableColumn, in object: JSONObject, at place: String) throws -> String {
    if let name = column.selector?.description {
      if object[name] != nil { return name }
      throw missing(Failure.shown(name), column.option, object, place)
    }
    let usual = column.usualNames
    if let name = usual.first(where: { object[$0] != nil }) { return name }
    throw missing(
      "one of \(usual.prefix(3).map { Failure.shown($0) }.joined(separator: ", "))", column.option, object, place)
  }

  private func missing(_ wanted: String, _ option: String, _ object: JSONObject, _ place: String) -> Failure {
    let keys = object.keys.prefix(20).map { Failure.shown($0) }.joined(separator: ", ")
    return Failure(
      .data, at: place, "the key \(wanted) expected, found \(keys.isEmpty ? "no keys" : "the keys \(keys)")",
      advice: "Name the key with \(option).")
  }

  private func string(_ value: JSONValue?, _ key: String, at place: String) throws -> String {
    if let text = value?.stringValue { return text }
    throw Failure(
      .data, at: place, "a string under \(Failure.shown(key)) expected, found \(value?.kindName ?? "nothing")")
  }

  /// A label is a string or a plain integer; where labels are numbers, any of them.
  private func label(_ value: JSONValue?, _ kind: LabelKind, _ key: String, at place: String) throws -> String {
    if let text = value?.stringValue { return text }
    if case .number(let digits)? = value {
      if kind == .number { return digits }
      if let number = value?.integerValue { return String(number) }
      throw Failure(
        .data, at: place, "a string or an integer under \(Failure.shown(key)) expected, found \(Failure.shown(digits))")
    }
    throw Failure(
      .data, at: place,
      "a string or an integer under \(Failure.shown(key)) expected, found \(value?.kindName ?? "nothing")")
  }
}
