// All formats give the same words and values; what is accepted beside the plain forms.

import EnsueFiles
import EnsueText
import Testing

@Suite struct WordVectorFormatTests {
  static let words = ["the", "caf\u{E9}", "\u{1F600}", "7", "don't"]
  static let values: [Float] = [0.5, -1.25, 3, 0, 1e-3, -7, 2.5, 1, 0.1, -0.2, 0.3, 4, 1, 2, 3]
  static let uncached = WordVectorOptions(usesCache: false)

  static func rows(separator: String = " ", end: String = "\n") -> String {
    var text = ""
    for (row, word) in words.enumerated() {
      text += word
      for value in values[row * 3..<row * 3 + 3] { text += "\(separator)\(value)" }
      text += end
    }
    return text
  }

  static func binary(lineFeeds: Bool) -> [UInt8] {
    var bytes = Array("5 3\n".utf8)
    for (row, word) in words.enumerated() {
      bytes += Array("\(word) ".utf8)
      for value in values[row * 3..<row * 3 + 3] {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += Array($0) }
      }
      if lineFeeds { bytes.append(0x0A) }
    }
    return bytes
  }

  static let files: [(String, WordVectorFormatKind, [UInt8])] = [
    ("GloVe", .glove, Array(rows().utf8)), ("word2vec", .word2vecText, Array(("5 3\n" + rows()).utf8)),
    ("fastText", .word2vecText, Array(("5 3\n" + rows(end: " \n")).utf8)),
    ("binary", .word2vecBinary, binary(lineFeeds: true)), ("binary, gensim", .word2vecBinary, binary(lineFeeds: false)),
    ("binary, blank end", .word2vecBinary, binary(lineFeeds: false) + [0x0D, 0x0A]),
    ("CRLF", .glove, Array(rows(end: "\r\n").utf8)),
    ("CRLF with header", .word2vecText, Array(("5 3\r\n" + rows(end: "\r\n")).utf8)),
    ("tabs", .glove, Array(rows(separator: "\t").utf8)),
    ("byte order mark", .glove, [0xEF, 0xBB, 0xBF] + Array(rows().utf8)),
    ("byte order mark and header", .word2vecText, [0xEF, 0xBB, 0xBF] + Array(("5 3\n" + rows()).utf8)),
    ("no last line end", .glove, Array(rows().utf8.dropLast())),
    ("blank lines", .glove, Array(("\n" + rows(end: "\n\n") + " \r\n").utf8)),
    ("tabs and header", .word2vecText, Array(("5\t3\n" + rows(separator: "\t")).utf8)),
  ]

  @Test(arguments: files)
  func formatsAgree(_ name: String, _ format: WordVectorFormatKind, _ bytes: [UInt8]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes)
    for choice in [WordVectorFormatKind.automatic, format] {
      let vectors = try WordVectors(contentsOf: path, options: .init(format: choice, dimension: 3, usesCache: false))
      #expect(vectors.report.format == format && vectors.dimension == 3)
      #expect((0..<vectors.count).map { text(vectors.words[$0]) } == WordVectorFormatTests.words)
      #expect(vectors.values == WordVectorFormatTests.values)
      #expect(vectors.report.rows == 5 && vectors.report.words == 5 && vectors.report.bytes == bytes.count)
    }
  }

  @Test func vectorsAreFoundByBytes() throws {
    let folder = try TemporaryFolder()
    let vectors = try WordVectors(
      contentsOf: folder.write(WordVectorFormatTests.rows()), options: WordVectorFormatTests.uncached)
    #expect(
      vectors.vector(of: Array("7".utf8)) == [-0.2, 0.3, 4]
        || vectors.vector(of: Array("7".utf8)).map(Array.init) == [-0.2, 0.3, 4])
    #expect(vectors.vector(of: Array("cafe\u{301}".utf8)) == nil)
    #expect(vectors.report.description.hasPrefix("\(folder.path)/vectors.txt: 5 words of 3 values (glove, "))
  }

  static let accepted: [(String, [String], Int)] = [
    (". . . 0.1 0.2\nat me@x.org 1 2\nb 3 4\n", [". . .", "at me@x.org", "b"], 2),
    ("a\u{A0}b 1 2\nc\u{3000}d 3 4\n\u{2028} 5 6\n", ["a\u{A0}b", "c\u{3000}d", "\u{2028}"], 2),
    ("1 2 3\n4 5 6\n", ["1", "4"], 2), ("5 300 1\n6 1 1\n", ["5", "6"], 2), ("a 1\nb 2\n", ["a", "b"], 1),
    ("a 1\r\n\r\nb 2", ["a", "b"], 1), ("2 2\na 1 2\nb 3 4\n\n\n", ["a", "b"], 2), ("1 1\nx y 3\n", ["x y"], 1),
    ("nan 1 2\ninf 3 4\n", ["nan", "inf"], 2), ("<unk> +1 .5\n1e5 5. 1E2\n", ["<unk>", "1e5"], 2),
    ("2 1.5\n3 2.5\n", ["2", "3"], 1), ("a 1 2\nb 3 4", ["a", "b"], 2),
  ]

  @Test(arguments: accepted)
  func unusualRows(_ content: String, _ words: [String], _ dimension: Int) throws {
    let folder = try TemporaryFolder()
    let vectors = try WordVectors(contentsOf: folder.write(content), options: WordVectorFormatTests.uncached)
    #expect((0..<vectors.count).map { text(vectors.words[$0]) } == words)
    #expect(vectors.dimension == dimension && vectors.values.count == words.count * dimension)
  }

  @Test func repeatedWords() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a 1\nb 2\na 3\n\nb 4\nc 5\n")
    func load(_ policy: DuplicateWordPolicy) throws -> WordVectors {
      try WordVectors(contentsOf: path, options: .init(duplicates: policy, usesCache: false))
    }
    #expect(try load(.first).values == [1, 2, 5])
    #expect(try load(.last).values == [3, 4, 5])
    let report = try load(.first).report
    #expect(report.duplicates == 2 && report.rows == 5 && report.words == 3 && report.blankLines == 1)
    #expect(report.description.hasSuffix("; 2 repeated words; 1 blank line"))
    let failure = #expect(throws: Failure.self) { try load(.fail) }
    #expect(failure?.place == path + ":3")
    #expect(failure?.problem == "each word once expected, found 'a' again")
  }

  @Test(arguments: [WordVectorFormatKind.glove, .word2vecText, .word2vecBinary])
  func invalidWords(_ format: WordVectorFormatKind) throws {
    let folder = try TemporaryFolder()
    let isBinary = format == .word2vecBinary
    var bytes = Array((format == .glove ? "" : "3 1\n").utf8)
    for word in [[0x61], [0x62, 0xFF], [0x63]] as [[UInt8]] {
      bytes += word + (isBinary ? [0x20, 0, 0, 0x80, 0x3F] : Array(" 1\n".utf8))
    }
    let path = try folder.write(bytes)
    func load(_ policy: InvalidWordPolicy) throws -> WordVectors {
      try WordVectors(contentsOf: path, options: .init(format: format, invalidWords: policy, usesCache: false))
    }
    let failure = #expect(throws: Failure.self) { try load(.fail) }
    #expect(failure?.place == path + (isBinary ? "@10" : format == .glove ? ":2" : ":3"))
    #expect(failure?.problem.hasPrefix("a word in UTF-8 expected, found 'b") == true)
    let skipped = try load(.skip)
    #expect((0..<skipped.count).map { text(skipped.words[$0]) } == ["a", "c"])
    #expect(skipped.report.skipped == 1 && skipped.report.rows == 3 && skipped.values.count == 2)
    let replaced = try load(.replace)
    #expect((0..<replaced.count).map { text(replaced.words[$0]) } == ["a", "b\u{FFFD}", "c"])
    #expect(replaced.report.replaced == 1)
  }

  /// The result does not depend on how a file is cut for the threads.
  @Test func piecesDoNotMatter() throws {
    let folder = try TemporaryFolder()
    var random = SeededGenerator(seed: 4)
    var content = ""
    for row in 0..<3000 {
      content += "w\(Int.random(in: 0...2500, using: &random))\(row % 7 == 0 ? " x" : "")"
      for _ in 0..<4 { content += " \(Float.random(in: -3...3, using: &random))" }
      content += row % 11 == 0 ? "\r\n\n" : "\n"
    }
    let path = try folder.write(content)
    let whole = try WordVectors(contentsOf: path, options: WordVectorFormatTests.uncached)
    #expect(whole.report.duplicates > 100 && whole.report.rows == 3000 && whole.report.blankLines == 273)
    for (block, piece) in [(1, 1), (64, 7), (100, 1000), (4096, 256), (1 << 20, 100)] {
      let cut = try WordVectors(
        contentsOf: path, options: WordVectorFormatTests.uncached, blockSize: block, pieceSize: piece)
      #expect(cut.words == whole.words && cut.values == whole.values)
      #expect(cut.report.duplicates == whole.report.duplicates && cut.report.blankLines == whole.report.blankLines)
    }
    let wrong = try folder.write(content + "bad 1 2 3\nworse\n", to: "wrong.txt")
    let lines = content.utf8.count { $0 == 0x0A }
    for (block, piece) in [(1, 1), (4096, 64), (1 << 20, 1 << 20)] {
      let failure = #expect(throws: Failure.self) {
        try WordVectors(contentsOf: wrong, options: WordVectorFormatTests.uncached, blockSize: block, pieceSize: piece)
      }
      #expect(failure?.place == "\(wrong):\(lines + 1)")
    }
  }

  @Test(
    .enabled(if: InputFile.exists(dataFolder + "/vectors"), "no vectors in the data folder (ENSUE_DATA)"),
    arguments: [
      ("glove.6B.50d.5k.txt", 5050, 50), ("glove.twitter.27B.25d.12k.txt", 11_925, 25),
      ("glove.840B.300d-char.txt", 94, 300),
    ])
  func realFiles(_ name: String, _ count: Int, _ dimension: Int) throws {
    let path = dataFolder + "/vectors/" + name
    let vectors = try WordVectors(contentsOf: path, options: WordVectorFormatTests.uncached)
    #expect(vectors.count == count && vectors.dimension == dimension && vectors.report.duplicates == 0)
    if name.contains("6B") { #expect(vectors.vector(of: Array("the".utf8))?.first == 0.418) }
    // Value by value against the standard library.
    let lines = try InputFile.contents(of: path).split(separator: 0x0A)
    for (row, line) in lines.enumerated() {
      let values = text(Array(line)).split(separator: " ").suffix(dimension).map { Float($0) }
      guard values == vectors.values[row * dimension..<(row + 1) * dimension].map({ $0 }) else {
        Issue.record("line \(row + 1)")
        return
      }
    }
  }

  @Test(.enabled(if: InputFile.exists(dataFolder + "/slp-labs/MR"), "no MR in the data folder (ENSUE_DATA)"))
  func coverageOfRealReviews() throws {
    var builder = Vocabulary.Builder()
    let tokenizer = TokenizerKind.words.makeTokenizer(lowercase: true)
    for name in ["pos", "neg"] {
      let bytes = try InputFile.contents(of: dataFolder + "/slp-labs/MR/rt-polarity." + name)
      builder.add(contentsOf: tokenizer.tokens(in: text(bytes)))
    }
    let vocabulary = try builder.build()
    let vectors = try WordVectors(
      contentsOf: dataFolder + "/vectors/glove.6B.50d.5k.txt", options: WordVectorFormatTests.uncached)
    let coverage = Coverage(of: vocabulary, by: vectors)
    #expect(coverage.words == vocabulary.count - 2 && coverage.occurrences == vocabulary.report.occurrences)
    #expect(coverage.coveredWords > 3500 && Double(coverage.coveredOccurrences) > 0.7 * Double(coverage.occurrences))
  }
}
