// word2vec's binary files: after the header, for each row the word, a space, the values as little-endian 32-bit floats
// and, from some writers, a line feed.

import EnsueFiles

/// Reads a binary file of word vectors.
struct VectorBinaryReader {
  private let header: VectorFileHead.Header
  private let options: WordVectorOptions
  private let path: String
  private(set) var rows: VectorRows
  private(set) var report: WordVectorReport
  private var row: [Float]

  init(_ header: VectorFileHead.Header, path: String, options: WordVectorOptions) {
    self.header = header
    self.options = options
    self.path = path
    rows = VectorRows(dimension: header.dimension, duplicates: options.duplicates)
    report = WordVectorReport(path: path, format: .word2vecBinary, dimension: header.dimension)
    row = [Float](repeating: 0, count: header.dimension)
  }

  /// Reads the rows, which begin at `offset`. The header's count was held against the file's size before.
  mutating func read(_ file: borrowing InputFile, from offset: Int) throws {
    guard header.rows <= options.rowLimit else {
      throw Failure(.data, at: path, "at most \(options.rowLimit) rows expected, found \(header.rows)")
    }
    guard header.rows > 0 else { throw Failure(.data, at: path, "word vectors expected, found none") }
    rows.reserve(header.rows)
    let blockSize = 1 << 24
    var blockStart = offset
    var block: [UInt8] = []
    var position = 0
    let longest = WordVectorOptions.maximumWordBytes + 2 + 4 * header.dimension
    while report.rows < header.rows {
      if block.count - position < longest, blockStart + block.count < file.size {
        blockStart += position
        block = try file.bytes(at: blockStart, count: min(blockSize, file.size - blockStart))
        position = 0
      }
      position = try readRow(block, from: position, blockStart: blockStart)
      report.rows += 1
    }
    let end = blockStart + position
    let rest = file.size - end
    if rest > 0 {
      let isLineEnd = try rest <= 2 && file.bytes(at: end, count: rest).allSatisfy { $0 == ASCII.newline || $0 == 13 }
      guard isLineEnd else {
        throw Failure(
          .data, at: "\(path)@\(end)",
          "the end of the file expected after \(header.rows) rows, found \(rest) bytes more",
          advice: "Correct the header's count, or fetch the file again.")
      }
    }
  }

  /// Reads one row.
  /// - Returns: Where the next one begins in the block.
  private mutating func readRow(_ block: [UInt8], from start: Int, blockStart: Int) throws -> Int {
    var begin = start
    while begin < block.count, block[begin] == ASCII.newline { begin += 1 }
    let limit = min(block.count, begin + WordVectorOptions.maximumWordBytes + 1)
    guard let space = block[begin..<limit].firstIndex(of: ASCII.space) else {
      let isCut = limit == block.count
      throw failure(
        blockStart + begin,
        isCut
          ? "a word and its values expected, found the end of the file"
          : "a word of at most \(WordVectorOptions.maximumWordBytes) bytes expected, found a longer one")
    }
    let at = blockStart + begin
    guard space > begin else { throw failure(at, "a word expected before the values, found none") }
    let end = space + 1 + 4 * header.dimension
    guard end <= block.count else {
      throw failure(at, "\(header.dimension) values expected, found the end of the file")
    }
    let bytes = block.span.bytes
    for index in 0..<header.dimension {
      let pattern = UInt32(
        littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: space + 1 + 4 * index, as: UInt32.self))
      row[index] = Float(bitPattern: pattern)
    }
    if let index = row.firstIndex(where: { !$0.isFinite }) {
      throw failure(
        at,
        "value \(index + 1) of \(Failure.shown(block[begin..<space])): a finite number expected, found \(row[index])")
    }
    try add(block, begin..<space, at: at)
    return end
  }

  private mutating func add(_ block: [UInt8], _ word: Range<Int>, at: Int) throws {
    var isGood = true
    if isUTF8(block.span.extracting(word)) {
      isGood = rows.add(block.span.extracting(word), row[...])
    } else {
      switch options.invalidWords {
      case .fail:
        let problem = LineProblem.invalidWord(block.span, word)
        throw failure(at, problem.problem, advice: problem.advice)
      case .skip: report.skipped += 1
      case .replace:
        report.replaced += 1
        isGood = rows.add(LineProblem.repaired(block.span, word).span, row[...])
      }
    }
    if !isGood {
      let problem = LineProblem.repeatedWord(Failure.shown(block[word]))
      throw failure(at, problem.problem, advice: problem.advice)
    }
  }

  private func failure(
    _ offset: Int, _ problem: String, advice: String = "The file may be cut short or its header wrong; fetch it again."
  ) -> Failure {
    Failure(.data, at: "\(path)@\(offset)", problem, advice: advice)
  }
}
