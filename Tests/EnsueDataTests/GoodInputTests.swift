// Inputs that must be read, and what must come out: texts, labels, lines, counts.

import EnsueData
import EnsueFiles
import Testing

struct GoodInput: CustomTestStringConvertible, Sendable {
  let name: String
  let file: String
  let bytes: [UInt8]
  let options: ReadingOptions
  /// `label text@line` of each example.
  let examples: [String]

  init(
    _ name: String, _ file: String, _ text: String, _ options: ReadingOptions = ReadingOptions(), _ examples: String...
  ) {
    (self.name, self.file, self.bytes, self.options) = (name, file, Array(text.utf8), options)
    self.examples = examples
  }

  init(_ name: String, _ file: String, _ text: String, _ options: ReadingOptions, _ examples: [String]) {
    self.init(name, file, Array(text.utf8), options, examples)
  }

  init(_ name: String, _ file: String, _ bytes: [UInt8], _ options: ReadingOptions, _ examples: [String]) {
    (self.name, self.file, self.bytes, self.options, self.examples) = (name, file, bytes, options, examples)
  }

  var testDescription: String { name }
}

private let plain = ReadingOptions()
private let cases: [GoodInput] = [
  GoodInput("two columns", "a.tsv", "good\tp\nbad\tn\n", plain, "p good@1", "n bad@2"),
  GoodInput("no line end at the end", "a.tsv", "good\tp", plain, "p good@1"),
  GoodInput("CRLF", "a.tsv", "good\tp\r\nbad\tn\r\n", plain, "p good@1", "n bad@2"),
  GoodInput("mixed line ends and blank lines", "a.csv", "\ngood,p\r\n\r\nbad,n\n\n", plain, "p good@2", "n bad@4"),
  GoodInput(
    "quotes are text in TSV", "a.tsv", "\"good\" he said\tp\n\"bad\tn\n", plain, "p \"good\" he said@1", "n \"bad@2"),
  GoodInput("quotes in CSV", "a.csv", "\"good, \"\"very\"\"\",p\n", plain, "p good, \"very\"@1"),
  GoodInput("line ends in quotes", "a.csv", "\"a\nb\r\nc\",p\nd,n\n", plain, "p a\nb\r\nc@1", "n d@4"),
  GoodInput("quote inside a field", "a.csv", "5\" disk,p\n", plain, "p 5\" disk@1"),
  GoodInput("quoting off in CSV", "a.csv", "\"a,p\n", ReadingOptions(quoting: QuotingKind.off), "p \"a@1"),
  GoodInput("quoting on in TSV", "a.tsv", "\"a\tb\"\tp\n", ReadingOptions(quoting: .minimal), "p a\tb@1"),
  GoodInput("header by usual names", "a.csv", "Label,ID,Sentence\np,1,good\nn,2,bad\n", plain, "p good@2", "n bad@3"),
  GoodInput("header behind a mark", "a.csv", "\u{FEFF}\"text\",\"label\"\ngood,p\n", plain, "p good@2"),
  GoodInput(
    "header by names given", "a.csv", "x,y,z\n1,good,p\n",
    ReadingOptions(textColumn: .name("y"), labelColumn: .name("z")), "p good@2"),
  GoodInput("header: no", "a.csv", "text,label\n", ReadingOptions(header: .no), "label text@1"),
  GoodInput("header: yes, other names", "a.csv", "x,y\ngood,p\n", ReadingOptions(header: .yes), "p good@2"),
  GoodInput("one usual name of two", "a.tsv", "sentiment\twords\np\tgood\n", ReadingOptions(header: .yes), "p good@2"),
  GoodInput(
    "columns by number", "a.tsv", "p\t7\tgood\n", ReadingOptions(textColumn: .number(3), labelColumn: .number(1)),
    "p good@1"),
  GoodInput("one column by number of two", "a.tsv", "p\tgood\n", ReadingOptions(textColumn: .number(2)), "p good@1"),
  GoodInput(
    "NA, null and nan are text", "a.tsv", "NA\tnull\nnull\tnan\nnan\tNA\n", plain, "null NA@1", "nan null@2", "NA nan@3"
  ),
  GoodInput("substitute character", "a.tsv", "a\u{1A}b\tp\n", plain, "p a\u{1A}b@1"),
  GoodInput("white space at the ends", "a.tsv", "  good  \t p \n", plain, "p good@1"),
  GoodInput("combining marks stay", "a.tsv", "e\u{301}\tp\n\u{E9}\tp\n", plain, "p e\u{301}@1", "p \u{E9}@2"),
  GoodInput("Latin-1", "a.tsv", [0x63, 0xE9, 0x09, 0x70, 0x0A], ReadingOptions(encoding: .latin1), ["p c\u{E9}@1"]),
  GoodInput(
    "bad bytes replaced", "a.tsv", [0x61, 0xFF, 0xE2, 0x82, 0x62, 0x09, 0x70], ReadingOptions(badBytes: .replace),
    ["p a\u{FFFD}\u{FFFD}b@1"]),
  GoodInput(
    "JSON lines", "a.jsonl", "{\"label\":\"p\",\"text\":\"g\\u00e9\"}\n\n{\"text\":\"b\",\"label\":-3}\r\n", plain,
    "p g\u{E9}@1", "-3 b@3"),
  GoodInput(
    "JSON keys", "a.ndjson", "{\"1\":\"good\",\"y\":\"p\",\"label\":0}",
    ReadingOptions(textColumn: .number(1), labelColumn: .name("y")), "p good@1"),
  GoodInput(
    "label first", "a", "4 a film .\n0\tdull\n", ReadingOptions(format: .labelFirst), "4 a film .@1", "0 dull@2"),
  GoodInput("MR", "x.neg", "dull . \n\nflat\n", plain, "negative dull .@1", "negative flat@3"),
  GoodInput(
    "tweets", "a.tsv", "1\tneutral\ta &amp;amp; b\t\n2\tpositive\tc\tWed Jul 29\n1\tnegative\td\n",
    ReadingOptions(format: .semeval), "negative d@3", "positive c@2"),
  GoodInput("fields of exactly the limit", "a.csv", "aaaa,\"bbbb\"\n", ReadingOptions(fieldLimit: 4), "bbbb aaaa@1"),
]

@Suite struct GoodInputTests {
  @Test(arguments: cases) func isRead(_ input: GoodInput) throws {
    let data = try TestFiles.read(input.bytes, as: input.file, input.options)
    let read = data.examples.map { Array("\(data.labels[$0.label]) \($0.text)@\($0.line)".utf8) }
    #expect(read == input.examples.map { Array($0.utf8) })
    #expect(data.report.files[0].bytes == input.bytes.count)
    #expect(data.report.files[0].digest == Digest(of: input.bytes))
  }

  @Test(arguments: [
    (["10", "9", "-1", "0"], ["-1", "0", "9", "10"]), (["b", "a", "B"], ["B", "a", "b"]),
    (["10", "9", "01"], ["01", "10", "9"]), (["é", "z"], ["z", "é"]),
  ])
  func labelsAreOrdered(_ given: [String], _ expected: [String]) throws {
    let data = try TestFiles.read(Array(given.map { "text\t\($0)\n" }.joined().utf8), as: "a.tsv")
    #expect(data.labels == expected)
    #expect(data.examples.map { data.labels[$0.label] } == given)
  }

  @Test func knownLabelsDecideTheOrder() throws {
    let data = try TestFiles.read(Array("a\tx\nb\ty\n".utf8), as: "a.tsv", known: ["y", "z", "x"])
    #expect(data.labels == ["y", "z", "x"])
    #expect(data.examples.map(\.label) == [2, 0])
  }

  @Test func spellingsAreNoted() throws {
    let data = try TestFiles.read(Array("a\tGood\nb\tgood\nc\t1\nd\t1.0\n".utf8), as: "a.tsv")
    #expect(data.report.notes.count == 2)
    #expect(data.report.description.contains("the labels 'Good' and 'good' differ only in spelling"))
  }

  @Test func badRowsAreSkippedAndCounted() throws {
    let text = "good\tp\n\tp\nx\t\nonly\nso\tmaybe\na\tb\tc\n\nbad\tn\n"
    let data = try TestFiles.read(
      Array(text.utf8), as: "a.tsv", ReadingOptions(skipBadRows: true), known: ["n", "p"])
    #expect(data.examples.map(\.text) == ["good", "bad"])
    let skipped = data.report.skippedRows.map { "\($0.reason.rawValue) \($0.rows.count)" }
    #expect(skipped == ["field-count 2", "empty-text 1", "empty-label 1", "unknown-label 1"])
    #expect(data.report.skippedRows[0].rows.firstPlace.hasSuffix("a.tsv:4"))
    #expect(data.report.skippedCount == 5 && data.report.blankLines == 1 && data.report.rows == 2)
    #expect(data.report.description.contains("2 rows skipped with another number of fields, the first at"))
  }

  @Test func badJSONLinesAreSkippedAndCounted() throws {
    let text = "{\"text\":\"a\",\"label\":1}\nnonsense\n{\"text\":\"b\"}\n{\"text\":\"\",\"label\":2}\n"
    let data = try TestFiles.read(Array(text.utf8), as: "a.jsonl", ReadingOptions(skipBadRows: true))
    #expect(data.report.skippedRows.map(\.rows.count) == [1, 2])
  }

  @Test func nothingButBadRowsIsRefused() throws {
    let failure = try #require(throws: Failure.self) {
      _ = try TestFiles.read(Array("\tp\n".utf8), as: "a.tsv", ReadingOptions(skipBadRows: true))
    }
    #expect(failure.problem == "labelled sentences expected, found 1 bad rows")
  }

  @Test func severalFilesAreOneDataSet() throws {
    try TestFiles.with(["a.tsv": Array("x\tp\n".utf8), "b.csv": Array("\"y\",n\n".utf8)]) { directory in
      let data = try LabelledDataset.read(["\(directory)/b.csv", "\(directory)/a.tsv"], name: "both")
      #expect(data.examples.map(\.text) == ["y", "x"])
      #expect(data.examples.map { data.place(of: $0) } == ["\(directory)/b.csv:1", "\(directory)/a.tsv:1"])
      #expect(data.report.files.count == 2)
    }
  }

  @Test func replacedBytesAreCounted() throws {
    let data = try TestFiles.read(
      [0x61, 0xFF, 0xE2, 0x82, 0x62, 0x09, 0x70], as: "a.tsv", ReadingOptions(badBytes: .replace))
    #expect(data.report.replacedBytes == 3)
  }

  /// The decoder of the standard library is the reference for well-formed UTF-8 and its replacement.
  @Test func replacementEqualsStandardLibrary() throws {
    var random = SplitMix64(seed: 9)
    let edges: [UInt8] = [
      0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
    ]
    for _ in 0..<20_000 {
      let bytes = (0..<random.below(9)).map { _ in random.element(of: edges) }
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { continue }
      let text = try SourceText([0x41] + bytes, path: "a", badBytes: .replace)
      #expect(text.bytes == Array(String(decoding: [0x41] + bytes, as: UTF8.self).utf8))
      #expect((text.replacedBytes == 0) == (String(validating: bytes, as: UTF8.self) != nil))
    }
  }
}
