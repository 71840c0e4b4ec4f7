// Some whole lines of a text file, parsed by one thread.

/// The rows of consecutive lines.
struct VectorPiece: Sendable {
  /// Where each row's word stands in the text.
  private(set) var words: [Range<Int>] = []
  /// The rows' values.
  private(set) var values: [Float] = []
  /// The rows' lines, the first line of the piece is 0.
  private(set) var lines: [Int32] = []
  /// The repaired words of rows whose word is not UTF-8.
  private(set) var replacements: [Int: [UInt8]] = [:]
  private(set) var lineCount = 0
  private(set) var blankLines = 0
  private(set) var skipped = 0
  /// The first wrong line; nothing after it was read.
  private(set) var problem: (line: Int, problem: LineProblem)?

  /// Parses the lines in a range of the text.
  init(_ text: Span<UInt8>, _ range: Range<Int>, dimension: Int, invalidWords: InvalidWordPolicy) {
    let lines = text.extracting(range)
    let parser = VectorLineParser(dimension: dimension)
    var start = 0
    while start < lines.count, problem == nil {
      if let (wordEnd, next) = parser.quickRow(lines, from: start, into: &values) {
        add(lines, start..<wordEnd, offset: range.lowerBound, dimension, invalidWords)
        start = next
      } else {
        var end = start
        while end < lines.count, lines[end] != ASCII.newline { end += 1 }
        switch parser.row(lines, start..<end, into: &values) {
        case .blank: blankLines += 1
        case .row(let word): add(lines, word, offset: range.lowerBound, dimension, invalidWords)
        case .wrong(let problem): self.problem = (lineCount, end == lines.count ? problem.unfinished : problem)
        }
        start = end + 1
      }
      lineCount += 1
    }
  }

  /// Adds the row whose values were appended last.
  private mutating func add(
    _ text: Span<UInt8>, _ word: Range<Int>, offset: Int, _ dimension: Int, _ invalidWords: InvalidWordPolicy
  ) {
    if !isUTF8(text.extracting(word)) {
      switch invalidWords {
      case .fail:
        problem = (lineCount, LineProblem.invalidWord(text, word))
        return
      case .skip:
        skipped += 1
        values.removeLast(dimension)
        return
      case .replace:
        replacements[words.count] = LineProblem.repaired(text, word)
      }
    }
    words.append(word.lowerBound + offset..<word.upperBound + offset)
    lines.append(Int32(truncatingIfNeeded: lineCount))
  }
}
