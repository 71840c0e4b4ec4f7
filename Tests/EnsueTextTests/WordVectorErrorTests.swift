// Files that are not word vectors, or not quite: each is refused with its place and a few words of the message.

import EnsueFiles
import EnsueText
import Testing

@Suite struct WordVectorErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    /// `:line` or `@byte`, or nothing.
    let place: String
    let words: String
    var format = WordVectorFormatKind.automatic

    init(_ text: String, _ place: String, _ words: String, _ format: WordVectorFormatKind = .automatic) {
      self.init(Array(text.utf8), place, words, format)
    }

    init(_ bytes: [UInt8], _ place: String, _ words: String, _ format: WordVectorFormatKind = .automatic) {
      (self.bytes, self.place, self.words, self.format) = (bytes, place, words, format)
    }

    var testDescription: String { "\(words) \(text(Array(bytes.prefix(24))).debugDescription)" }
  }

  static let good = "a 1 2 3\nb 4 5 6\n"

  static let textCases: [Case] = [
    // Width.
    Case(good + "c 7 8\n", ":3", "3 values expected, found 2. Every row needs the same number of values."),
    Case(good + "c 7 8 9 10\n", ":3", "3 values expected, found 4"),
    Case(good + "c\n", ":3", "3 values expected, found 0"),
    Case(good + "c d\n", ":3", "3 values expected, found 1"),
    Case(good + ". . . 7 8\n", ":3", "3 values expected, found 2"),
    Case("a 1 2\n" + good, ":1", "3 values expected, found 2"),
    Case(good + "c 7 8", ":3", "The last line has no line end"),
    Case(good + "c 7 8 0.\n-", ":4", "3 values expected, found 0"),
    Case(good + "c 7 8 -", ":3", "found '-'. The last line"),
    Case("2 3\na 1.5 2.5 3.5\nb 4 5\n", ":3", "3 values expected, found 2"),
    // Numbers.
    Case(good + "c 7 nan 9\n", ":3", "value 2: a decimal number expected, found 'nan'"),
    Case(good + "c 7 8 inf\n", ":3", "value 3: a decimal number expected, found 'inf'"),
    Case(good + "c -Infinity 8 9\n", ":3", "value 1: a decimal number expected"),
    Case(good + "c 1e400 8 9\n", ":3", "value 1: a number within single precision expected, found '1e400'"),
    Case(good + "c 3.5e38 8 9\n", ":3", "within single precision"), Case(good + "c 0x1p3 8 9\n", ":3", "found '0x1p3'"),
    Case(good + "c 1,5 8 9\n", ":3", "value 1: a decimal number expected, found '1,5'"),
    Case(good + "c --1 8 9\n", ":3", "found '--1'"),
    Case(good + "c 7  9\n", ":3", "value 2: a decimal number expected, found nothing"),
    Case(good + "c 7 8 9\u{A0}\n", ":3", "value 3"), Case(good + "c 1e 8 9\n", ":3", "found '1e'"),
    Case(good + "c 7 8\r9 10\n", ":3", "value 2: a decimal number expected, found '8\\r9'"),
    Case(good + "c 1\u{1B}[31m 8 9\n", ":3", "found '1\\u{1b}[31m'"),
    // Words.
    Case(good + " 7 8 9\n", ":3", "a word expected before the values, found none"),
    Case(good + "\t\t7 8 9\n", ":3", "a word expected before the values"),
    Case(Array(good.utf8) + [0xC3, 0x28, 0x20] + Array("7 8 9\n".utf8), ":3", "a word in UTF-8 expected, found"),
    // Headers.
    Case("2 3\na 1 2 3\n", "", "2 rows of 3 values expected after the header, found room for 1"),
    Case("2 3\na 1.25 2.25 3.25\n", "", "2 rows expected by the header, found 1. The file may be cut short"),
    Case("1 3\n" + good, "", "1 rows expected by the header, found 2. Correct the header."),
    Case("0 3\n" + good, "", "0 rows expected by the header, found 2"),
    Case(
      "999999999999999999 300\na 1 2\n", ":1",
      "999999999999999999 rows of 300 values expected after the header, found room for 0"),
    Case(
      "99999999999999999999 300\na 1 2\n", ":1",
      "a header of row count and dimension expected, found '99999999999999999999 300'"),
    Case("2 0\n" + good, ":1", "a dimension from 1 to 65536 expected, found 0"),
    Case("2 99999999\n" + good, ":1", "a dimension from 1 to 65536 expected, found 99999999"),
    Case("-1 300\n" + good, ":1", "a row count of at least 0 expected, found -1"),
    Case("2 -3\n" + good, ":1", "a dimension from 1"),
    Case("2 300 x\n" + good, ":1", "3 values expected, found 2"), Case("2 3", ":1", "2 rows of 3 values expected"),
    Case("0 3\n", "", "word vectors expected, found none"),
    Case("3 1\na 1\nb 2\nc 3\n", ":1", "which can be both. Name the format"),
    Case("a 1 2\n", ":1", "a header of row count and dimension expected, found 'a 1 2'", .word2vecText),
    Case("2 3\n" + good, ":1", "3 values expected, found 1", .glove),
    // Other files.
    Case("", "", "word vectors expected, found an empty file"), Case("\n\n \r\n", "", "found only blank lines"),
    Case([0xEF, 0xBB, 0xBF], "", "found only blank lines"),
    Case("word\nother\n", ":1", "a word and its values expected, found 'word'"),
    Case([0x1F, 0x8B, 8, 0, 0], "", "found gzip data. Decompress it first."),
    Case("PK\u{3}\u{4}", "", "found a ZIP archive"),
    Case([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 1], "", "found xz data"),
    Case([0x28, 0xB5, 0x2F, 0xFD, 1], "", "Zstandard"),
    Case([0xFF, 0xFE, 0x61, 0], "", "found UTF-16 text"),
    Case([0xBA, 0x16, 0x4F, 0x2F, 12], "", "found a fastText model. Use its .vec file."),
    Case([0x80, 4, 0x95], "", "found a Python pickle"),
    Case("version https://git-lfs.github.com/spec/v1\noid\n", "", "a Git LFS pointer"),
    Case("<!DOCTYPE html><p>404\n", "", "found an HTML page"),
    Case("{\"a\": [1, 2]}\n", ":1", "a word and its values expected"),
  ]

  static func row(_ word: [UInt8], _ values: [Float]) -> [UInt8] {
    word + [0x20] + values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
  }

  static func binary(_ header: String, _ rows: [[UInt8]]) -> [UInt8] { Array(header.utf8) + rows.flatMap { $0 } }

  static let a = row([0x61], [0.1, 0.2])
  static let b = row([0x62], [0.3, 0.4])

  static let binaryCases: [Case] = [
    Case(binary("3 2\n", [a, b]), ":1", "3 rows of 2 values expected after the header, found room for 2"),
    Case(
      binary("2 2\n", [a, Array(b.dropLast())]), "", "2 rows of 2 values expected after the header, found room for"),
    Case(
      binary("2 2\n", [a, row([UInt8](repeating: 0x62, count: 7), [1])]), "@14",
      "2 values expected, found the end of the file"),
    Case(binary("1 2\n", [a, b]), "@14", "the end of the file expected after 1 rows, found 10 bytes more"),
    Case(binary("2 2\n", [a, row([0x62], [.nan, 1])]), "@14", "value 1 of 'b': a finite number expected, found nan"),
    Case(
      binary("2 2\n", [a, row([0x62], [1, -.infinity])]), "@14", "value 2 of 'b': a finite number expected, found -inf"),
    Case(binary("2 2\n", [a, row([], [1, 1]), [0x20]]), "@14", "a word expected before the values, found none"),
    Case(binary("2 2\n", [a, row([0xFF], [0.1, 1])]), "@14", "a word in UTF-8 expected"),
    Case(binary("999999999999999999 2\n", [a]), ":1", "found room for 1"),
    Case(binary("0 2\n", [a]), "", "word vectors expected, found none", .word2vecBinary),
    Case(
      binary("2 2\n", [a, [UInt8](repeating: 0x62, count: 70_000)]), "@14", "a word of at most 65536 bytes expected"),
    Case(
      binary("2 2\n", [a, [UInt8](repeating: 0x62, count: 20)]), "@14", "a word and its values expected, found the end"),
    Case(Array("no header".utf8), ":1", "a header of row count and dimension expected", .word2vecBinary),
  ]

  @Test(arguments: textCases + binaryCases)
  func isRefused(_ wrong: Case) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(wrong.bytes)
    let failure = #expect(throws: Failure.self) {
      try WordVectors(contentsOf: path, options: .init(format: wrong.format, usesCache: true))
    }
    let message = failure?.description ?? ""
    #expect(failure?.kind == .data)
    #expect(message.contains(wrong.words), "\(message)")
    if wrong.place.isEmpty {
      #expect(message.hasPrefix(path + ":"), "\(message)")
    } else {
      #expect(failure?.place == path + wrong.place, "\(message)")
    }
    #expect(try InputFile.names(in: folder.path) == ["vectors.txt"])
  }

  @Test func limits() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(WordVectorErrorTests.good)
    let rows = #expect(throws: Failure.self) { try WordVectors(contentsOf: path, options: .init(rowLimit: 1)) }
    #expect(rows?.place == path + ":2" && rows?.problem == "at most 1 rows expected, found more")
    let dimension = #expect(throws: Failure.self) { try WordVectors(contentsOf: path, options: .init(dimension: 4)) }
    #expect(dimension?.problem == "vectors of 4 values expected, found 3")
    let long = [UInt8](repeating: 0x61, count: WordVectorOptions.maximumLineBytes + 10)
    for (prefix, line) in [("", 1), (WordVectorErrorTests.good, 3)] {
      let failure = #expect(throws: Failure.self) {
        try WordVectors(contentsOf: folder.write(Array(prefix.utf8) + long))
      }
      #expect(failure?.place == path + ":\(line)")
      #expect(failure?.problem.hasPrefix("a line of at most 4194304 bytes expected") == true)
    }
    let wide = "w" + String(repeating: " 1", count: WordVectorOptions.maximumDimension + 1)
    let failure = #expect(throws: Failure.self) { try WordVectors(contentsOf: folder.write(wide)) }
    #expect(failure?.problem == "at most 65536 values expected, found 65537")
  }

  @Test func missingFiles() throws {
    let folder = try TemporaryFolder()
    for path in [folder.path + "/absent", folder.path, "/dev/zero"] {
      let failure = #expect(throws: Failure.self) { try WordVectors(contentsOf: path) }
      #expect(failure?.kind == .missing)
    }
  }

  /// Every beginning of a good file, and every byte of it changed: vectors or a failure, never a trap.
  @Test func truncatedAndChangedFiles() throws {
    let folder = try TemporaryFolder()
    for (_, _, bytes) in WordVectorFormatTests.files.prefix(5) {
      var variants = bytes.indices.map { Array(bytes[..<$0]) }
      for index in bytes.indices {
        for change: UInt8 in [0x01, 0x20, 0x80, 0xFF] {
          var changed = bytes
          changed[index] ^= change
          variants.append(changed)
        }
      }
      for variant in variants {
        let path = folder.path + "/v"
        try TemporaryFolder.writeQuickly(variant, to: path)
        do {
          let vectors = try WordVectors(contentsOf: path, options: .init(usesCache: false))
          guard vectors.values.allSatisfy(\.isFinite), vectors.values.count == vectors.count * vectors.dimension else {
            Issue.record("\(variant)")
            return
          }
        } catch let failure as Failure {
          guard failure.kind == .data else {
            Issue.record("\(failure)")
            return
          }
        }
      }
    }
  }
}
