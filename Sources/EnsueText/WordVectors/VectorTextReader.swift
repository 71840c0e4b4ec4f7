// Text files. Read block by block; the lines of a block are cut into pieces of fixed size that the cores parse side by
// side, and the pieces are joined in order: the result does not depend on the number of threads.

import Dispatch
import EnsueFiles
import Synchronization

/// Reads a text file of word vectors.
struct VectorTextReader {
  private let head: VectorFileHead
  private let options: WordVectorOptions
  private let path: String
  private let blockSize: Int
  private let pieceSize: Int

  private(set) var rows: VectorRows
  private(set) var report: WordVectorReport
  private var lineCount = 0
  private var hasReserved = false

  init(_ head: VectorFileHead, path: String, options: WordVectorOptions, blockSize: Int, pieceSize: Int) {
    self.head = head
    self.options = options
    self.path = path
    self.blockSize = blockSize
    self.pieceSize = pieceSize
    rows = VectorRows(dimension: head.dimension, duplicates: options.duplicates)
    report = WordVectorReport(path: path, format: head.format, dimension: head.dimension)
    lineCount = head.lineCount
  }

  /// Reads the whole file.
  /// - Returns: The digest of the file's content as it was read.
  mutating func read(_ file: borrowing InputFile) throws -> Digest {
    var digest = IncrementalDigest()
    digest.append(try file.bytes(at: 0, count: head.bodyOffset))
    var block = [UInt8](repeating: 0, count: max(1, min(blockSize, file.size - head.bodyOffset)))
    var filled = 0
    var offset = head.bodyOffset
    while offset < file.size {
      if filled == block.count {
        guard filled <= WordVectorOptions.maximumLineBytes else { throw failure(lineCount + 1, .longLine) }
        block.append(contentsOf: [UInt8](repeating: 0, count: block.count))
      }
      let count = min(block.count - filled, file.size - offset)
      try block.withUnsafeMutableBytes { bytes in
        let free = UnsafeMutableRawBufferPointer(rebasing: bytes[filled..<filled + count])
        try file.read(into: free, at: offset)
        digest.append(UnsafeRawBufferPointer(free))
      }
      filled += count
      offset += count
      let end = offset == file.size ? filled : (block[..<filled].lastIndex(of: ASCII.newline) ?? -1) + 1
      try parse(block, ..<end)
      if offset < file.size { reserve(read: offset - filled + end - head.bodyOffset, of: file.size - head.bodyOffset) }
      block.withUnsafeMutableBytes { bytes in
        bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[end..<filled]))
      }
      filled -= end
    }
    try finish()
    return digest.digest
  }

  /// Makes room for all rows once the first ones are known. A guess: the file's own size bounds it.
  private mutating func reserve(read: Int, of size: Int) {
    guard !hasReserved, rows.rows > 0, read > 0 else { return }
    hasReserved = true
    let share = Double(size) / Double(read) * 1.02
    let most = min(options.rowLimit, size / (1 + 2 * head.dimension))
    rows.reserve(min(Int(Double(rows.rows) * share), most))
  }

  private mutating func parse(_ block: [UInt8], _ range: PartialRangeUpTo<Int>) throws {
    let ranges = cut(block, end: range.upperBound)
    let dimension = head.dimension
    let invalidWords = options.invalidWords
    let pieces = Mutex([VectorPiece?](repeating: nil, count: ranges.count))
    DispatchQueue.concurrentPerform(iterations: ranges.count) { index in
      let piece = VectorPiece(block.span, ranges[index], dimension: dimension, invalidWords: invalidWords)
      pieces.withLock { $0[index] = piece }
    }
    for piece in pieces.withLock({ $0 }) {
      if let piece { try add(piece, of: block) }
    }
  }

  /// Pieces of about `pieceSize` bytes that end with a line.
  private func cut(_ block: [UInt8], end: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    while start < end {
      var next = min(start + pieceSize, end)
      while next < end, block[next - 1] != ASCII.newline { next += 1 }
      ranges.append(start..<next)
      start = next
    }
    return ranges
  }

  /// Joins a piece to the rows before it.
  private mutating func add(_ piece: VectorPiece, of block: [UInt8]) throws {
    let dimension = head.dimension
    for row in piece.words.indices {
      let values = piece.values[row * dimension..<(row + 1) * dimension]
      let isGood: Bool
      if let replacement = piece.replacements[row] {
        report.replaced += 1
        isGood = rows.add(replacement.span, values)
      } else {
        isGood = rows.add(block.span.extracting(piece.words[row]), values)
      }
      let line = lineCount + Int(piece.lines[row]) + 1
      guard isGood else {
        throw failure(line, .repeatedWord(Failure.shown(block[piece.words[row]])))
      }
      guard rows.rows + report.skipped <= options.rowLimit else {
        throw failure(line, LineProblem("at most \(options.rowLimit) rows expected, found more"))
      }
    }
    report.skipped += piece.skipped
    report.blankLines += piece.blankLines
    if let (line, problem) = piece.problem { throw failure(lineCount + line + 1, problem) }
    lineCount += piece.lineCount
  }

  private mutating func finish() throws {
    report.rows = rows.rows + report.skipped
    if let header = head.header, header.rows != report.rows {
      throw Failure(
        .data, at: path, "\(header.rows) rows expected by the header, found \(report.rows)",
        advice: report.rows < header.rows ? "The file may be cut short; fetch it again." : "Correct the header.")
    }
    guard rows.words.count > 0 else { throw Failure(.data, at: path, "word vectors expected, found none") }
  }

  private func failure(_ line: Int, _ problem: LineProblem) -> Failure {
    Failure(.data, at: "\(path):\(line)", problem.problem, advice: problem.advice)
  }
}
