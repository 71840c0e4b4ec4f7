// `vocabulary.txt`: one token a line, the row is the line number less one, the first two lines are `<pad>` and `<unk>`.
// Line feed, carriage return, backslash and bytes that are not UTF-8 are escaped (see `TokenText`).

import EnsueFiles

extension Vocabulary {
  /// Writes the vocabulary as text, durably; the file appears whole or not at all.
  public func write(to path: String) throws {
    var file = try OutputFile(path)
    var text: [UInt8] = []
    for id in 0..<count {
      text.append(contentsOf: TokenText.escaped(self[id]))
      text.append(ASCII.newline)
      if text.count >= 1 << 20 {
        try file.write(text)
        text.removeAll(keepingCapacity: true)
      }
    }
    try file.write(text)
    try file.commit()
  }

  /// Reads what `write(to:)` wrote; counts are not in the file. CRLF line ends and a byte order mark are accepted.
  /// - Parameter rowLimit: The largest number of rows accepted.
  /// - Throws: `Failure` with the line for a wrong first or second line, an empty line, a repeated token, invalid
  ///   UTF-8, an unknown escape, more rows than the limit, and a last line without a line end.
  public init(contentsOf path: String, rowLimit: Int = Vocabulary.maximumCount) throws {
    let bytes = try InputFile.contents(of: path, limit: 4 << 30)
    var table = ByteTable()
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    do {
      while start < bytes.count {
        guard table.count < rowLimit else { throw LineProblem("at most \(rowLimit) tokens expected, found more") }
        guard let end = bytes[start...].firstIndex(of: ASCII.newline) else {
          throw LineProblem(
            "a line end expected after the last token, found none",
            advice: "The file may be cut short; write the vocabulary again.")
        }
        try Vocabulary.add(bytes, start..<end, to: &table)
        start = end + 1
      }
      guard table.count >= 2 else {
        throw LineProblem("'<pad>' and '<unk>' expected in the first two lines, found \(table.count) lines")
      }
    } catch let problem as LineProblem {
      throw Failure(.data, at: "\(path):\(table.count + 1)", problem.problem, advice: problem.advice)
    }
    self.init(tokens: table, counts: [], report: VocabularyReport())
  }

  /// Adds the token of a line; nothing is added when the line is wrong.
  private static func add(_ bytes: [UInt8], _ range: Range<Int>, to table: inout ByteTable) throws {
    var line = bytes[range]
    if line.last == ASCII.carriageReturn { line.removeLast() }
    if table.count < 2 {
      let special = [paddingToken, unknownToken][table.count]
      guard line.elementsEqual(special) else {
        throw LineProblem(
          "\(Failure.shown(special)) expected, found \(Failure.shown(line))",
          advice: "The first two tokens of a vocabulary are <pad> and <unk>.")
      }
    }
    guard !line.isEmpty else { throw LineProblem("a token expected, found an empty line") }
    guard isUTF8(bytes.span.extracting(line.indices)) else {
      throw LineProblem("a token in UTF-8 expected, found \(Failure.shown(line))")
    }
    guard let token = TokenText.unescaped(line) else {
      throw LineProblem(
        "\\n, \\r, \\\\ or \\xHH expected after a backslash, found \(Failure.shown(line))",
        advice: "Write a backslash that is part of a token twice.")
    }
    if let other = table.find(token) {
      throw LineProblem("each token once expected, found \(Failure.shown(line)) of line \(other + 1) again")
    }
    table.insert(token)
  }
}
