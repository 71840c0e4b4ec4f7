// Inputs that must be refused, each with the place and words of its message.

import EnsueData
import EnsueFiles
import Testing

struct BadInput: CustomTestStringConvertible, Sendable {
  let name: String
  let file: String
  let bytes: [UInt8]
  let options: ReadingOptions
  let known: [String]?
  let kind: Failure.Kind
  let place: String
  let words: [String]

  init(
    _ name: String, _ file: String, _ text: String, _ options: ReadingOptions = ReadingOptions(),
    known: [String]? = nil, kind: Failure.Kind = .data, at place: String, _ words: String...
  ) {
    self.init(name, file, Array(text.utf8), options, known: known, kind: kind, at: place, words)
  }

  init(
    _ name: String, _ file: String, _ bytes: [UInt8], _ options: ReadingOptions = ReadingOptions(),
    known: [String]? = nil, kind: Failure.Kind = .data, at place: String, _ words: [String]
  ) {
    (self.name, self.file, self.bytes, self.options) = (name, file, bytes, options)
    (self.known, self.kind, self.place, self.words) = (known, kind, place, words)
  }

  var testDescription: String { name }
}

private let rows = "good\tpos\nbad\tneg\n"
private let textThird = ReadingOptions(textColumn: .number(3))
private let namedLabel = ReadingOptions(labelColumn: .name("lable"))

private let tableCases: [BadInput] = [
  BadInput("empty file", "a.tsv", "", at: "a.tsv", "found an empty file"),
  BadInput("only blank lines", "a.tsv", "\n\r\n\n", at: "a.tsv", "rows of text and label expected", "found none"),
  BadInput("header only", "a.tsv", "text\tlabel\n", at: "a.tsv", "rows below the header expected"),
  BadInput(
    "too few fields", "a.csv", "a,b,c\n1,2\n", ReadingOptions(textColumn: .number(1), labelColumn: .number(2)),
    at: "a.csv:2", "3 fields expected, found 2", "--skip-bad-rows"),
  BadInput("too many fields", "a.tsv", rows + "x\ty\tz\n", at: "a.tsv:3", "2 fields expected, found 3 fields"),
  BadInput("one field", "a.tsv", rows + "x\n", at: "a.tsv:3", "2 fields expected, found 1 field"),
  BadInput("unclosed quote", "a.csv", "a,p\nb,n\n\"c,p\nd,n\ne,p\n", at: "a.csv:3", "column 1", "end of the file"),
  BadInput("unclosed quote in the second field", "a.csv", "a,p\nb,\"n\n", at: "a.csv:2", "opened at column 3"),
  BadInput(
    "unclosed quote after quoted line ends", "a.csv", "\"a\nb\",p\n\"c\n\nd,n\n", at: "a.csv:3", "closing quote"),
  BadInput("text after closing quote", "a.csv", "a,p\n\"b\"x,n\n", at: "a.csv:2", "'x,n'", "column 4"),
  BadInput("space after closing quote", "a.csv", "\"b\" ,n\n", at: "a.csv:1", "' ,n'", "column 4"),
  BadInput("text after a quote of three lines", "a.csv", "\"b\n\n\"x,n\n", at: "a.csv:3", "column 2"),
  BadInput("lone carriage return", "a.tsv", "good\tp\rbad\tn\n", at: "a.tsv:1", "lone carriage return", "column 7"),
  BadInput("old line ends", "a.csv", "a,p\rb,n\r", at: "a.csv:1", "LF or CRLF"),
  BadInput("carriage return at the end", "a.tsv", "a\tp\nb\tn\r", at: "a.tsv:2", "lone carriage return"),
  BadInput("NUL byte", "a.tsv", rows + "go\0od\tpos\n", at: "a.tsv:3", "NUL byte at column 3", "UTF-16"),
  BadInput("tabs as commas", "a.csv", "good\tpos\nbad\tneg\n", at: "a.csv:1", "1 column", "Is it tab separated?"),
  BadInput("commas as tabs", "a.tsv", "good,pos\n", at: "a.tsv:1", "found 1 column", "Is it comma separated?"),
  BadInput("semicolons", "a.csv", "good;pos\n", at: "a.csv:1", "1 column", "semicolons"),
  BadInput("one column", "a.csv", "good\n", at: "a.csv:1", "1 column", "Each row needs a text and a label."),
  BadInput(
    "missing column", "a.csv", "text,label\na,p\n", namedLabel, at: "a.csv:1", "'lable' expected", "'text', 'label'",
    "Did you mean label?"),
  BadInput("column beyond the last", "a.csv", "a,p\n", textThird, at: "a.csv:1", "column 3 expected, found 2 columns"),
  BadInput(
    "name without header", "a.csv", "a,p\n", ReadingOptions(textColumn: .name("text"), header: .no), kind: .usage,
    at: "a.csv:1", "no header", "'text'"),
  BadInput(
    "one column for both", "a.csv", "a,p\n",
    ReadingOptions(textColumn: .number(2), labelColumn: .number(2)), kind: .usage, at: "a.csv:1", "column 2 for both"),
  BadInput("repeated name", "a.csv", "text,label,text\n", at: "a.csv:1", "'text' twice"),
  BadInput(
    "three columns without header", "a.csv", "a,b,p\n", at: "a.csv:1", "3 columns without a header", "--text-column"),
  BadInput(
    "header without a label", "a.csv", "text,a,b\n", ReadingOptions(header: .yes), at: "a.csv:1",
    "a column that is the label expected", "'text', 'a', 'b'", "--label-column"),
  BadInput("empty text", "a.tsv", rows + "  \tpos\n", at: "a.tsv:3", "a text expected, found an empty one"),
  BadInput("empty label", "a.tsv", rows + "fine\t \n", at: "a.tsv:3", "a label expected, found an empty one"),
  BadInput("empty quoted text", "a.csv", "\"\",pos\n", at: "a.csv:1", "a text expected"),
  BadInput(
    "unknown label", "a.tsv", rows + "so\tneutral\n", known: ["neg", "pos"], at: "a.tsv:3",
    "one of the labels 'neg', 'pos' expected, found 'neutral'"),
  BadInput(
    "unknown label that may be a header", "a.tsv", "words\tmood\n" + rows, known: ["neg", "pos"], at: "a.tsv:1",
    "found 'mood'", "--header yes"),
  BadInput("label written otherwise", "a.tsv", "x\t01\n", known: ["0", "1"], at: "a.tsv:1", "found '01'"),
  BadInput("label with a point", "a.tsv", "x\t1.0\n", known: ["0", "1"], at: "a.tsv:1", "found '1.0'"),
  BadInput("negative label", "a.tsv", "x\t-1\n", known: ["0", "1"], at: "a.tsv:1", "found '-1'"),
  BadInput(
    "texts as labels", "a.tsv", (1...30).map { "pos\tsentence \($0)\n" }.joined(), at: "a.tsv",
    "a column of labels expected, found 30 different ones in 30 rows", "--label-column"),
  BadInput(
    "unusual header", "a.tsv", "words\tmood\n" + String(repeating: rows, count: 6), at: "a.tsv:1",
    "'mood' that no other row has", "--header yes"),
  BadInput(
    "field too long", "a.csv", "x,p\n" + String(repeating: "y", count: 99) + ",n\n", ReadingOptions(fieldLimit: 98),
    at: "a.csv:2", "at most 98 bytes"),
  BadInput(
    "quoted field too long", "a.csv", "x,p\n\"" + String(repeating: "y\n", count: 99), ReadingOptions(fieldLimit: 98),
    at: "a.csv:2", "at most 98 bytes", "unclosed"),
]

private let encodingCases: [BadInput] = [
  BadInput("UTF-16 little endian", "a.tsv", [0xFF, 0xFE, 0x61, 0], at: "a.tsv", ["UTF-16 byte order mark", "iconv"]),
  BadInput("UTF-16 big endian", "a.csv", [0xFE, 0xFF, 0, 0x61], at: "a.csv", ["UTF-16 byte order mark"]),
  BadInput("UTF-16 without mark", "a.csv", [0x61, 0, 0x2C, 0], at: "a.csv:1", ["NUL byte at column 2"]),
  BadInput(
    "Latin-1", "a.tsv", Array("ok\tp\ncaf".utf8) + [0xE9] + Array("\tn\n".utf8), at: "a.tsv:2",
    ["byte 0xE9 at column 4", "--encoding latin1"]),
  BadInput("cut sequence", "a.tsv", Array("ok\tp".utf8) + [0xE2, 0x82], at: "a.tsv:1", ["byte 0xE2 at column 5"]),
  BadInput("surrogate", "a.tsv", [0xED, 0xA0, 0x80], at: "a.tsv:1", ["byte 0xED at column 1"]),
  BadInput("overlong", "a.tsv", [0x61, 0xC0, 0xAF], at: "a.tsv:1", ["byte 0xC0 at column 2"]),
  BadInput("above U+10FFFF", "a.tsv", [0xF4, 0x90, 0x80, 0x80], at: "a.tsv:1", ["byte 0xF4"]),
  BadInput("gzip", "a.tsv", [0x1F, 0x8B, 8, 0], at: "a.tsv", ["compressed file", "Unpack it first."]),
  BadInput("zip", "a.csv", [0x50, 0x4B, 3, 4], at: "a.csv", ["compressed file"]),
]

private let lineCases: [BadInput] = [
  BadInput("no extension", "data", rows, kind: .usage, at: "data", "found 'data'", "--format", "label-first"),
  BadInput("other extension", "a.txt", rows, kind: .usage, at: "a.txt", ".tsv, .csv, .jsonl"),
  BadInput("JSON array", "a.jsonl", "[1]\n", at: "a.jsonl:1", "a JSON object expected, found an array"),
  BadInput("cut JSON", "a.jsonl", "{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\n", at: "a.jsonl:2@", "string"),
  BadInput("two values on a line", "a.jsonl", "{} {}\n", at: "a.jsonl:1@3", "the end expected"),
  BadInput("repeated key", "a.jsonl", "{\"text\":\"a\",\"text\":\"b\"}\n", at: "a.jsonl:1@", "'text' appears twice"),
  BadInput(
    "missing key", "a.jsonl", "\n{\"text\":\"a\"}\n", at: "a.jsonl:2", "'label'", "the keys 'text'", "--label-column"),
  BadInput("no keys", "a.jsonl", "{}", at: "a.jsonl:1", "found no keys"),
  BadInput(
    "missing named key", "a.jsonl", "{\"text\":\"a\",\"label\":1}", ReadingOptions(textColumn: .name("body")),
    at: "a.jsonl:1", "the key 'body' expected", "'text', 'label'"),
  BadInput(
    "number as text", "a.jsonl", "{\"text\":7,\"label\":1}", at: "a.jsonl:1", "a string under 'text'", "a number"),
  BadInput("null text", "a.jsonl", "{\"text\":null,\"label\":1}", at: "a.jsonl:1", "a string under 'text'", "null"),
  BadInput(
    "label with a point in JSON", "a.jsonl", "{\"text\":\"a\",\"label\":1.0}", at: "a.jsonl:1", "integer", "'1.0'"),
  BadInput("true as label", "a.jsonl", "{\"text\":\"a\",\"label\":true}", at: "a.jsonl:1", "found true or false"),
  BadInput("empty JSON text", "a.jsonl", "{\"text\":\"\\n\",\"label\":1}", at: "a.jsonl:1", "a text expected"),
  BadInput(
    "line too long", "a.jsonl", "\n\n{\"text\":\"aaaaaaaaaa\"}", ReadingOptions(fieldLimit: 8), at: "a.jsonl:3",
    "at most 8 bytes"),
  BadInput("empty JSON lines", "a.jsonl", "\n", at: "a.jsonl", "labelled sentences expected, found none"),
  BadInput(
    "label without sentence", "a", "1 good\n0\n", ReadingOptions(format: .labelFirst), at: "a:2", "a text expected"),
  BadInput(
    "sentence without label", "a", " good\n", ReadingOptions(format: .labelFirst), at: "a:1", "a label expected"),
  BadInput(
    "MR by another name", "a.txt", "good\n", ReadingOptions(format: .mr), kind: .usage, at: "a.txt", ".pos or .neg"),
  BadInput(
    "two fields of a tweet", "a.tsv", "1\tpositive\n", ReadingOptions(format: .semeval), at: "a.tsv:1",
    "identifier, label and text", "found 2 fields"),
  BadInput(
    "five fields of a tweet", "a.tsv", "1\tpositive\ta\tb\tc\n", ReadingOptions(format: .semeval), at: "a.tsv:1",
    "found 5 fields"),
  BadInput(
    "label of another task", "a.tsv", "1\tobjective\ta\n", ReadingOptions(format: .semeval), at: "a.tsv:1",
    "'negative', 'neutral', 'positive' expected, found 'objective'"),
  BadInput(
    "tweet of quotes", "a.tsv", "1\tneutral\t\"\"\n", ReadingOptions(format: .semeval), at: "a.tsv:1", "a text expected"
  ),
]

@Suite struct BadInputTests {
  @Test(arguments: tableCases + encodingCases + lineCases)
  func isRefused(_ input: BadInput) throws {
    let failure = try #require(throws: Failure.self) {
      _ = try TestFiles.read(input.bytes, as: input.file, input.options, known: input.known)
    }
    #expect(failure.kind == input.kind)
    let isPrefix = input.place.utf8.last == UInt8(ascii: "@")
    #expect(isPrefix ? failure.place.hasPrefix(input.place) : failure.place == input.place)
    let message = failure.description
    for word in input.words { #expect(message.contains(word), "\(message)") }
    #expect(!message.contains("\n"))
    #expect(failure.problem.last != ".")
    #expect(failure.advice.isEmpty || failure.advice.hasSuffix(".") || failure.advice.hasSuffix("?"))
  }

  @Test(arguments: [
    ("", "a column's name or number expected, found nothing"), ("0", "from 1 on expected, found '0'"),
    ("99999999999999999999", "from 1 on"), ("1000001", "from 1 on"),
  ])
  func columnSelectorRefuses(_ text: String, _ words: String) throws {
    let failure = try #require(throws: Failure.self) { _ = try ColumnSelector(text) }
    #expect(failure.kind == .usage)
    #expect(failure.description.contains(words))
  }

  @Test func missingFileAndDirectory() throws {
    let missing = try #require(throws: Failure.self) { _ = try LabelledDataset.read(["/nowhere/a.tsv"], name: "a") }
    #expect(missing.kind == .missing)
    let directory = try #require(throws: Failure.self) { _ = try LabelledDataset.read(["/"], name: "a") }
    #expect(directory.kind == .missing)
    #expect(directory.problem.contains("found a directory"))
    #expect(throws: Failure.self) { _ = try LabelledDataset.read([], name: "a") }
  }

  @Test func bytesAtRandomNeverTrap() throws {
    var random = SplitMix64(seed: 5)
    let pieces: [[UInt8]] = [
      [0x22], [0x22, 0x22], [0x2C], [0x09], [0x0A], [0x0D, 0x0A], [0x0D], [0x61], [0xC3, 0xA9], [0xE2], [0x80], [0x20],
      Array("{\"text\":\"a\",\"label\":1}".utf8), Array("1\tpositive\t".utf8), Array("\\u20".utf8), Array("&#x".utf8),
      [0x3B],
    ]
    var refused = 0
    for round in 0..<3_000 {
      var bytes: [UInt8] = []
      for _ in 0..<random.below(40) { bytes += random.element(of: pieces) }
      let format = random.element(of: DataFormatKind.allCases.filter { $0 != .mr && $0 != .automatic })
      let options = ReadingOptions(
        format: format, badBytes: random.chance(1, in: 2) ? .replace : .reject, skipBadRows: random.chance(1, in: 2))
      do {
        let data = try TestFiles.read(bytes, as: "f", options)
        #expect(!data.isEmpty, "round \(round)")
      } catch is Failure {
        refused += 1
      }
    }
    #expect(refused > 100 && refused < 3_000)
  }
}
