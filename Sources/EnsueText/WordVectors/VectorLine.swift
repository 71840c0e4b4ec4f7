// One line of a text file: word, values. Fields are split at single ASCII spaces and tabs and nowhere else; the values
// are the last fields, so a word may have spaces in it (`. . .` in GloVe 840B).

/// What a line holds.
enum VectorLine {
  case blank
  /// The word's place in the text; its values were appended.
  case row(word: Range<Int>)
  case wrong(LineProblem)
}

@inline(__always)
func isFieldSeparator(_ byte: UInt8) -> Bool { byte == ASCII.space || byte == ASCII.tab }

/// Reads lines with a known number of values.
struct VectorLineParser {
  let dimension: Int

  /// Reads a line that has exactly one separator before each value and nothing unusual in it.
  /// - Returns: The end of the word and the beginning of the next line; nil, and nothing appended, for other lines.
  @inline(__always)
  func quickRow(_ text: Span<UInt8>, from start: Int, into values: inout [Float]) -> (wordEnd: Int, next: Int)? {
    let count = text.count
    let oldCount = values.count
    var index = start
    while index < count, !isFieldSeparator(text[index]), text[index] != ASCII.newline { index &+= 1 }
    let wordEnd = index
    guard wordEnd > start else { return nil }
    for _ in 0..<dimension {
      guard index < count, isFieldSeparator(text[index]) else { return undo(&values, oldCount) }
      index += 1
      let fieldStart = index
      var value = DecimalFloat.quick(text, &index)
      if value.isNaN {
        index = fieldStart
        guard let exact = exactValue(text, &index) else { return undo(&values, oldCount) }
        value = exact
      }
      values.append(value)
    }
    while index < count, isFieldSeparator(text[index]) { index += 1 }
    if index < count, text[index] == ASCII.carriageReturn { index += 1 }
    guard index == count || text[index] == ASCII.newline else { return undo(&values, oldCount) }
    return (wordEnd, index + 1)
  }

  private func undo(_ values: inout [Float], _ count: Int) -> (wordEnd: Int, next: Int)? {
    values.removeLast(values.count - count)
    return nil
  }

  private func exactValue(_ text: Span<UInt8>, _ index: inout Int) -> Float? {
    var end = index
    while end < text.count, text[end] > ASCII.space { end += 1 }
    guard case .value(let value) = DecimalFloat.parse(text.extracting(index..<end)) else { return nil }
    index = end
    return value
  }

  /// Reads any line, without its line end.
  func row(_ text: Span<UInt8>, _ line: Range<Int>, into values: inout [Float]) -> VectorLine {
    guard line.count <= WordVectorOptions.maximumLineBytes else { return .wrong(.longLine) }
    let trimmed = VectorLineParser.trimmed(text, line)
    if trimmed.isEmpty { return .blank }
    let fields = VectorLineParser.fields(text, trimmed)
    guard fields.count > dimension else { return .wrong(widthProblem(found: fields.count - 1)) }
    let wordEnd = fields[fields.count - dimension].lowerBound - 1
    let word = trimmed.lowerBound..<wordEnd
    if let found = surplus(text, fields) { return .wrong(widthProblem(found: found)) }
    guard word.contains(where: { !isFieldSeparator(text[$0]) }) else {
      return .wrong(
        LineProblem(
          "a word expected before the values, found none",
          advice: "A row begins with its word and has one space or tab between fields."))
    }
    let oldCount = values.count
    for (number, field) in fields.suffix(dimension).enumerated() {
      switch DecimalFloat.parse(text.extracting(field)) {
      case .value(let value): values.append(value)
      case .malformed, .tooLarge:
        values.removeLast(values.count - oldCount)
        return .wrong(valueProblem(text, fields, number))
      }
    }
    return .row(word: word)
  }

  /// The number of values found when there are more than expected: the word's last part is a number too.
  private func surplus(_ text: Span<UInt8>, _ fields: [Range<Int>]) -> Int? {
    let found = VectorLineParser.trailingNumbers(text, fields)
    return found > dimension ? found : nil
  }

  /// What is wrong with a value; when nothing before it is a number, values are missing instead.
  private func valueProblem(_ text: Span<UInt8>, _ fields: [Range<Int>], _ number: Int) -> LineProblem {
    let first = fields.count - dimension
    let field = fields[first + number]
    let found = VectorLineParser.trailingNumbers(text, fields)
    let isWordPart = fields[..<(fields.count - found)].allSatisfy { !DecimalFloat.isDecimal(text.extracting($0)) }
    if isWordPart, found > 0, fields.count > dimension + 1 { return widthProblem(found: found) }
    let shown = shownField(text, field)
    if DecimalFloat.isDecimal(text.extracting(field)) {
      return LineProblem("value \(number + 1): a number within single precision expected, found \(shown)")
    }
    let advice = field.isEmpty ? "One space or tab stands between fields." : ""
    return LineProblem(
      "value \(number + 1): a decimal number expected, found \(field.isEmpty ? "nothing" : shown)", advice: advice)
  }

  private func shownField(_ text: Span<UInt8>, _ field: Range<Int>) -> String {
    LineProblem.shown(text, field)
  }

  private func widthProblem(found: Int) -> LineProblem {
    LineProblem(
      "\(dimension) \(dimension == 1 ? "value" : "values") expected, found \(found)",
      advice: "Every row needs the same number of values.")
  }

  /// A line without a carriage return, spaces and tabs at its end.
  static func trimmed(_ text: Span<UInt8>, _ line: Range<Int>) -> Range<Int> {
    var end = line.upperBound
    if end > line.lowerBound, text[end - 1] == ASCII.carriageReturn { end -= 1 }
    while end > line.lowerBound, isFieldSeparator(text[end - 1]) { end -= 1 }
    return line.lowerBound..<end
  }

  /// The parts of a line between separators.
  static func fields(_ text: Span<UInt8>, _ line: Range<Int>) -> [Range<Int>] {
    var fields: [Range<Int>] = []
    var start = line.lowerBound
    for index in line where isFieldSeparator(text[index]) {
      fields.append(start..<index)
      start = index + 1
    }
    fields.append(start..<line.upperBound)
    return fields
  }

  /// How many fields at the end of a line are numbers; the first field is the word's in any case.
  static func trailingNumbers(_ text: Span<UInt8>, _ fields: [Range<Int>]) -> Int {
    var count = 0
    while count + 1 < fields.count, DecimalFloat.isDecimal(text.extracting(fields[fields.count - 1 - count])) {
      count += 1
    }
    return count
  }
}
