// The beginning of a word-vector file: what it is not, whether it has a header, how many values a row has.

import EnsueFiles

/// What the first bytes of a file say.
struct VectorFileHead {
  /// What a header line promises.
  struct Header: Equatable {
    let rows: Int
    let dimension: Int
  }

  let format: WordVectorFormatKind
  let header: Header?
  let dimension: Int
  /// Where the first row begins, in bytes.
  let bodyOffset: Int
  /// The number of lines before the first row.
  let lineCount: Int

  /// Looks at the first bytes of a file.
  /// - Parameters:
  ///   - head: The first `headSize` bytes of the file, or all of them.
  ///   - size: The size of the file.
  init(_ head: [UInt8], path: String, size: Int, options: WordVectorOptions) throws {
    guard !head.isEmpty else {
      throw Failure(.data, at: path, "word vectors expected, found an empty file", advice: "Fetch the file again.")
    }
    if let foreign = ForeignFormat.found(in: head) {
      throw Failure(.data, at: path, "a file of word vectors expected, found \(foreign.name)", advice: foreign.advice)
    }
    let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let lines = try VectorFileHead.lines(head, from: start, path: path, isWhole: head.count == size)
    guard let first = lines.first else {
      throw Failure(.data, at: path, "word vectors expected, found only blank lines")
    }
    let fields = VectorLineParser.fields(head.span, VectorLineParser.trimmed(head.span, first.range))
    format = try VectorFileHead.format(head, lines, fields, path: path, options: options)
    switch format {
    case .automatic, .glove:
      header = nil
      bodyOffset = start
      lineCount = 0
      dimension = try VectorFileHead.commonDimension(head, lines, path: path, options: options)
    case .word2vecText, .word2vecBinary:
      let header = try VectorFileHead.header(head, first, fields, path: path)
      self.header = header
      dimension = header.dimension
      bodyOffset = min(first.range.upperBound + 1, size)
      lineCount = first.number
      try VectorFileHead.check(
        header, room: size - bodyOffset, isBinary: format == .word2vecBinary, "\(path):\(first.number)")
    }
    if let expected = options.dimension, expected != dimension {
      throw Failure(
        .data, at: path, "vectors of \(expected) values expected, found \(dimension)",
        advice: "Choose vectors of the embedding's size, or an embedding of the vectors' size.")
    }
  }

  /// How much of a file is looked at: the longest line and its end.
  static let headSize = WordVectorOptions.maximumLineBytes + 4
  /// How many lines the dimension of a file without header is taken from.
  private static let sampleLines = 32

  private typealias Line = (range: Range<Int>, number: Int)

  /// The first lines that are not blank; a line that is cut off only counts when it is the only one.
  private static func lines(_ head: [UInt8], from start: Int, path: String, isWhole: Bool) throws -> [Line] {
    var lines: [Line] = []
    var index = start
    var number = 0
    while index < head.count, lines.count < sampleLines {
      number += 1
      let end = head[index...].firstIndex(of: ASCII.newline)
      if end == nil, !isWhole {
        if lines.isEmpty {
          throw Failure(
            .data, at: "\(path):\(number)", LineProblem.longLine.problem, advice: LineProblem.longLine.advice)
        }
        break
      }
      let range = index..<(end ?? head.count)
      if !VectorLineParser.trimmed(head.span, range).isEmpty { lines.append((range, number)) }
      index = range.upperBound + 1
    }
    return lines
  }

  /// The format asked for or, when that is `automatic`, found: a first line of two integers is a header.
  private static func format(
    _ head: [UInt8], _ lines: [Line], _ fields: [Range<Int>], path: String, options: WordVectorOptions
  ) throws -> WordVectorFormatKind {
    guard options.format == .automatic else { return options.format }
    guard fields.count == 2, fields.allSatisfy({ isInteger(head[$0]) }) else { return .glove }
    if isBinary(head, from: lines[0].range.upperBound + 1, dimension: Int(shownText(head[fields[1]])) ?? 1) {
      return .word2vecBinary
    }
    let text = head.span
    let others = lines.dropFirst().prefix(8).map {
      VectorLineParser.fields(text, VectorLineParser.trimmed(text, $0.range))
    }
    // With one value a row, a header and a row look the same.
    if shownText(head[fields[1]]) == "1", let second = others.first, second.count == 2 {
      throw Failure(
        .data, at: "\(path):\(lines[0].number)",
        "a header or a word expected, found \(Failure.shown(head[lines[0].range])), which can be both",
        advice: "Name the format: word2vec-text with a header, glove without.")
    }
    return .word2vecText
  }

  private static func isInteger(_ bytes: ArraySlice<UInt8>) -> Bool {
    let digits = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes
    return !digits.isEmpty && digits.allSatisfy(ASCII.isDigit)
  }

  /// Whether the bytes after a header are floats: in the place of the first row's values stands what no text has.
  private static func isBinary(_ head: [UInt8], from start: Int, dimension: Int) -> Bool {
    guard 1...WordVectorOptions.maximumDimension ~= dimension, start < head.count,
      let space = head[start...].firstIndex(where: { $0 == ASCII.space })
    else { return false }
    let values = head[(space + 1)..<min(space + 1 + 4 * dimension, head.count)]
    let line = values.prefix { $0 != ASCII.newline }
    // A text row of so many values has at least so many bytes; then the first line is enough to tell.
    if line.count >= 2 * dimension - 1 || line.count == values.count {
      return line.contains { !(0x20...0x7E ~= $0 || $0 == ASCII.tab || $0 == ASCII.carriageReturn) }
    }
    if values.contains(where: { $0 < 0x20 && !(ASCII.tab...ASCII.carriageReturn ~= $0) || $0 == 0x7F }) { return true }
    // A character may be cut off at the end.
    return !(0..<4).contains { isUTF8(head.span.extracting(values.dropLast($0).indices)) }
  }

  private static func shownText(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func header(_ head: [UInt8], _ line: Line, _ fields: [Range<Int>], path: String) throws -> Header {
    let place = "\(path):\(line.number)"
    guard fields.count == 2, fields.allSatisfy({ isInteger(head[$0]) }), let rows = Int(shownText(head[fields[0]])),
      let dimension = Int(shownText(head[fields[1]]))
    else {
      throw Failure(
        .data, at: place, "a header of row count and dimension expected, found \(Failure.shown(head[line.range]))",
        advice: "A file without a header has the format glove.")
    }
    guard rows >= 0 else { throw Failure(.data, at: place, "a row count of at least 0 expected, found \(rows)") }
    guard 1...WordVectorOptions.maximumDimension ~= dimension else {
      throw Failure(
        .data, at: place,
        "a dimension from 1 to \(WordVectorOptions.maximumDimension) expected, found \(dimension)")
    }
    return Header(rows: rows, dimension: dimension)
  }

  /// A row takes at least one byte for its word, two for each value and a line end, which the last may lack; in
  /// binary form one byte, a space and four for each value.
  private static func check(_ header: Header, room: Int, isBinary: Bool, _ place: String) throws {
    let most = isBinary ? room / (2 + 4 * header.dimension) : (room + 1) / (2 + 2 * header.dimension)
    guard header.rows <= most else {
      throw Failure(
        .data, at: place,
        "\(header.rows) rows of \(header.dimension) values expected after the header, found room for \(most)",
        advice: "The file may be cut short; fetch it again.")
    }
  }

  /// The number of values that most of the first lines have; of equally frequent ones the first.
  private static func commonDimension(
    _ head: [UInt8], _ lines: [Line], path: String, options: WordVectorOptions
  ) throws -> Int {
    let text = head.span
    let widths = lines.map {
      VectorLineParser.trailingNumbers(text, VectorLineParser.fields(text, VectorLineParser.trimmed(text, $0.range)))
    }
    var best = widths[0]
    var bestCount = 0
    for width in widths {
      let count = widths.count { $0 == width }
      if count > bestCount { (best, bestCount) = (width, count) }
    }
    if let expected = options.dimension, widths.contains(expected) { best = expected }
    let place = "\(path):\(lines[0].number)"
    guard best > 0 else {
      throw Failure(
        .data, at: place, "a word and its values expected, found \(Failure.shown(head[lines[0].range]))",
        advice: "A row has a word, then decimal numbers, with one space or tab between them.")
    }
    guard best <= WordVectorOptions.maximumDimension else {
      throw Failure(.data, at: place, "at most \(WordVectorOptions.maximumDimension) values expected, found \(best)")
    }
    return best
  }
}
