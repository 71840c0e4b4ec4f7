import EnsueFiles
import EnsueText
import Testing

@Suite struct VocabularyTests {
  static func builder(_ text: String) -> Vocabulary.Builder {
    var builder = Vocabulary.Builder()
    builder.add(contentsOf: WhitespaceTokenizer().tokens(in: text))
    return builder
  }

  static func words(_ vocabulary: Vocabulary) -> [String] { (0..<vocabulary.count).map { text(vocabulary[$0]) } }

  @Test func orderIsByCountThenBytes() throws {
    let vocabulary = try VocabularyTests.builder("b a c b \u{E9} c e\u{301} Z").build()
    #expect(VocabularyTests.words(vocabulary) == ["<pad>", "<unk>", "b", "c", "Z", "a", "e\u{301}", "\u{E9}"])
    #expect(vocabulary.counts == [0, 0, 2, 2, 1, 1, 1, 1])
    for id in 1..<vocabulary.count { #expect(vocabulary.id(of: vocabulary[id]) == id) }
    #expect(vocabulary.encode([Array("c".utf8), Array("?".utf8), Array("<pad>".utf8), []]) == [3, 1, 1, 1])
  }

  @Test func orderDoesNotDependOnTheOrderOfTheText() throws {
    var random = SeededGenerator(seed: 5)
    var tokens = (0..<3000).map { _ in Array(String(UInt8.random(in: 0...200, using: &random)).utf8) }
    var first = Vocabulary.Builder()
    first.add(contentsOf: tokens)
    tokens.shuffle(using: &random)
    var second = Vocabulary.Builder()
    second.add(contentsOf: tokens)
    let (left, right) = (try first.build(sizeLimit: 90), try second.build(sizeLimit: 90))
    #expect(left == right)
    #expect(left.counts == right.counts)
    #expect(left.report == right.report)
  }

  @Test func cutsAreCounted() throws {
    var builder = VocabularyTests.builder("a a a a b b b c c d e <unk> <unk> <pad>")
    builder.add([])
    let vocabulary = try builder.build(minimumCount: 2, sizeLimit: 4)
    #expect(VocabularyTests.words(vocabulary) == ["<pad>", "<unk>", "a", "b"])
    let report = vocabulary.report
    #expect(report.distinctTokens == 5 && report.occurrences == 11)
    #expect(report.rareTokens == 2 && report.rareOccurrences == 2)
    #expect(report.excessTokens == 1 && report.excessOccurrences == 2)
    #expect(report.specialOccurrences == 3 && report.emptyTokens == 1)
    #expect(
      report.description
        == "5 distinct tokens in 11; cut: 2 (2) below the minimum count, 1 (2) beyond the size limit; 3 times <pad> or <unk> in the text; 1 empty tokens left out"
    )
    #expect(try builder.build(sizeLimit: 2).count == 2)
    #expect(try Vocabulary.Builder().build().count == 2)
  }

  @Test(arguments: [(0, nil), (-1, nil), (1, 1), (1, -5), (1, 1 << 40)] as [(Int, Int?)])
  func limitsAreChecked(_ minimum: Int, _ limit: Int?) {
    #expect(throws: Failure.self) { try Vocabulary.Builder().build(minimumCount: minimum, sizeLimit: limit) }
  }

  @Test func everyVocabularyCanBeSaved() throws {
    let folder = try TemporaryFolder()
    var random = SeededGenerator(seed: 11)
    var builder = Vocabulary.Builder()
    for _ in 0..<2000 {
      builder.add((0..<Int.random(in: 1...6, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
    for token in ["\n", "\r", "\\", "\\n", "\u{FEFF}", " ", "a\r", "\u{1F600}"] { builder.add(Array(token.utf8)) }
    let vocabulary = try builder.build()
    let path = folder.path + "/vocabulary.txt"
    try vocabulary.write(to: path)
    let read = try Vocabulary(contentsOf: path)
    #expect(read == vocabulary)
    #expect(read.counts.isEmpty)
  }

  @Test func plainFilesArePlain() throws {
    let folder = try TemporaryFolder()
    try VocabularyTests.builder("b b a").build().write(to: folder.path + "/v")
    #expect(try InputFile.contents(of: folder.path + "/v") == Array("<pad>\n<unk>\nb\na\n".utf8))
    let windows = try folder.write("\u{FEFF}<pad>\r\n<unk>\r\nb\r\na\r\n")
    #expect(try Vocabulary(contentsOf: windows) == Vocabulary(contentsOf: folder.path + "/v"))
  }

  static let badFiles: [(String, String)] = [
    ("", "t:1: '<pad>' and '<unk>' expected in the first two lines, found 0 lines"),
    ("<pad>\n", "t:2: '<pad>' and '<unk>' expected in the first two lines, found 1 lines"),
    ("<unk>\n<pad>\n", "t:1: '<pad>' expected, found '<unk>'"), ("<pad>\nthe\n", "t:2: '<unk>' expected, found 'the'"),
    ("<pad>\n<unk>\na\nb\na\n", "t:5: each token once expected, found 'a' of line 3 again"),
    ("<pad>\n<unk>\n<pad>\n", "t:3: each token once expected, found '<pad>' of line 1 again"),
    ("<pad>\n<unk>\na\n\nb\n", "t:4: a token expected, found an empty line"),
    ("<pad>\n<unk>\na\nb", "t:4: a line end expected"),
    ("<pad>\n<unk>\n\\q\n", "t:3: \\n, \\r, \\\\ or \\xHH expected"),
    ("<pad>\n<unk>\n\\\n", "t:3: \\n, \\r"), ("<pad>\n<unk>\n\\x4\n", "t:3: \\n, \\r"),
    ("<pad>\n<unk>\n1\n2\n3\n4\n5\n6\n7\n", "t:9: at most 8 tokens expected"),
  ]

  @Test(arguments: badFiles)
  func badFilesNameTheirLine(_ content: String, _ words: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(content, to: "t")
    let failure = #expect(throws: Failure.self) { try Vocabulary(contentsOf: path, rowLimit: 8) }
    #expect(failure?.kind == .data)
    #expect(failure?.description.hasPrefix(folder.path + "/" + words) == true, "\(failure?.description ?? "")")
  }

  @Test func invalidUTF8NamesItsLine() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("<pad>\n<unk>\na".utf8) + [0xFF, 0x0A], to: "t")
    let failure = #expect(throws: Failure.self) { try Vocabulary(contentsOf: path) }
    #expect(failure?.place == path + ":3")
    #expect(failure?.problem.contains("UTF-8") == true)
    #expect(throws: Failure.self) { try Vocabulary(contentsOf: folder.path + "/absent") }
  }
}
