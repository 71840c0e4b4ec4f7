// Ids of tokens on standard input, read word by word: a line may have millions.

import EnsueFiles

/// Reads lines of ids of any length. What is kept of a line is its ids, not their digits.
struct StandardInputIDs {
  private let limit: Int
  private var line: [Int32] = []
  /// The beginning of an id whose end has not arrived.
  private var word: [UInt8] = []
  private var lineNumber = 1
  private var isAtEnd = false
  /// Of the line after those that were given.
  private var failure: Failure?

  /// More digits than any id has: a longer word is none.
  private static let wordLimit = 64

  /// - Parameter limit: ids are below it.
  init(below limit: Int) { self.limit = limit }

  /// The lines whose end has arrived, at least one; nil at the end.
  /// - Throws: `Failure` for a word that is no id, with its line, when all lines before it were given.
  mutating func next() throws -> [[Int32]]? {
    var lines: [[Int32]] = []
    while lines.isEmpty {
      if let failure { throw failure }
      if isAtEnd { return nil }
      let piece = try SystemCalls.readStandardInput()
      isAtEnd = piece.isEmpty
      do throws(Failure) {
        try take(piece, into: &lines)
      } catch {
        failure = error
      }
    }
    return lines
  }

  private mutating func take(_ piece: [UInt8], into lines: inout [[Int32]]) throws(Failure) {
    for byte in piece {
      switch byte {
      case UInt8(ascii: "\n"):
        try endWord()
        endLine(&lines)
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): try endWord()
      default:
        guard word.count < StandardInputIDs.wordLimit else { throw noID() }
        word.append(byte)
      }
    }
    guard isAtEnd else { return }
    // The last line may have no end.
    try endWord()
    if !line.isEmpty { endLine(&lines) }
  }

  private mutating func endLine(_ lines: inout [[Int32]]) {
    lines.append(line)
    line = []
    lineNumber += 1
  }

  private mutating func endWord() throws(Failure) {
    if word.isEmpty { return }
    defer { word.removeAll(keepingCapacity: true) }
    guard let id = Int32(String(decoding: word, as: UTF8.self)), id >= 0, Int(id) < limit else { throw noID() }
    line.append(id)
  }

  /// Of the word that stands last.
  private func noID() -> Failure {
    Failure(
      .data, at: "standard input:\(lineNumber)",
      "ids from 0 to \(limit - 1) with spaces between expected, found \(Failure.shown(word))")
  }
}
