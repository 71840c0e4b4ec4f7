// Pairs of texts, and labels that are numbers: read, and refused.

import EnsueData
import EnsueFiles
import Testing

private let pairs = ReadingOptions(pairColumn: .number(2))
private let numbers = ReadingOptions(labelKind: .number)
private let both = ReadingOptions(pairColumn: .number(2), labelKind: .number)

@Suite struct PairReadingTests {
  private static let good: [GoodInput] = [
    GoodInput("three columns", "a.tsv", "a b\tc\tyes\nd\te f\tno\n", pairs, "yes a b|c@1", "no d|e f@2"),
    GoodInput("numbers", "a.tsv", "a\tb\t2.5\nc\td\t-1e1\n", both, "2.5 a|b@1", "-10.0 c|d@2"),
    GoodInput("numbers of texts by themselves", "a.csv", "a,3\nb,.5\n", numbers, "3.0 a@1", "0.5 b@2"),
    GoodInput(
      "usual names", "a.tsv", "score\tid\tsentence2\tsentence1\n1\t7\tb\ta\n",
      ReadingOptions(pairColumn: .name("sentence2"), labelKind: .number), "1.0 a|b@2"),
    GoodInput(
      "usual names, by number", "a.tsv", "premise\thypothesis\tlabel\na\tb\tno\n", pairs, "no a|b@2"),
    GoodInput(
      "names given", "a.csv", "x,y,z\nyes,b,a\n",
      ReadingOptions(textColumn: .name("z"), pairColumn: .name("y"), labelColumn: .name("x")), "yes a|b@2"),
    GoodInput(
      "JSON lines", "a.jsonl", "{\"sentence1\": \"a\", \"b\": \"c\", \"score\": 3.25}\n",
      ReadingOptions(pairColumn: .name("b"), labelKind: .number), "3.25 a|c@1"),
    GoodInput(
      "label first", "a", "4.5 a film\n", ReadingOptions(format: .labelFirst, labelKind: .number), "4.5 a film@1"),
    GoodInput(
      "twenty different numbers", "a.tsv", (0..<20).map { "t\($0)\t\($0).25\n" }.joined(), numbers,
      (0..<20).map { "\($0).25 t\($0)@\($0 + 1)" }),
    GoodInput(
      "bad rows skipped", "a.tsv", "a\tb\t1\n\tb\t1\na\t\t1\na\tb\tx\na\tb\tnan\nc\td\t2\n",
      ReadingOptions(pairColumn: .number(2), labelKind: .number, skipBadRows: true), "1.0 a|b@1", "2.0 c|d@6"),
  ]

  @Test(arguments: good) func isRead(_ input: GoodInput) throws {
    let data = try TestFiles.read(input.bytes, as: input.file, input.options)
    let read = data.examples.map { example in
      "\(data.labelText(of: example)) \(example.text)\(example.pair.map { "|\($0)" } ?? "")@\(example.line)"
    }
    #expect(read == input.examples)
    #expect(data.hasPairs == (input.options.pairColumn != nil) && data.labelKind == input.options.labelKind)
  }

  private static let bad: [BadInput] = [
    BadInput("no number", "a.tsv", "a\tb\t1\nc\td\thigh\n", both, at: "a.tsv:2", "a number from -1e9 to 1e9", "'high'"),
    BadInput("NaN", "a.tsv", "a\tb\t1\nc\td\tnan\n", both, at: "a.tsv:2", "a number", "'nan'"),
    BadInput("infinity", "a.tsv", "a\tb\tinf\n", both, at: "a.tsv:1", "a number", "'inf'", "--header yes"),
    BadInput("too large", "a.tsv", "a\t1\nb\t1e400\n", numbers, at: "a.tsv:2", "a number", "'1e400'"),
    BadInput("beyond the bound", "a.tsv", "a\t1\nb\t-1000000001\n", numbers, at: "a.tsv:2", "-1e9 to 1e9"),
    BadInput("hexadecimal", "a.tsv", "a\t1\nb\t0x10\n", numbers, at: "a.tsv:2", "'0x10'"),
    BadInput("a comma in it", "a.tsv", "a\t1\nb\t1,5\n", numbers, at: "a.tsv:2", "'1,5'"),
    BadInput("no label", "a.tsv", "a\tb\t1\nc\td\t \n", both, at: "a.tsv:2", "a label expected"),
    BadInput("no second text", "a.tsv", "a\tb\t1\nc\t \t2\n", both, at: "a.tsv:2", "a second text expected"),
    BadInput("no first text", "a.tsv", "a\tb\t1\n \td\t2\n", both, at: "a.tsv:2", "a text expected"),
    BadInput("a field missing", "a.tsv", "a\tb\t1\nc\t2\n", both, at: "a.tsv:2", "3 fields expected, found 2"),
    BadInput("two columns", "a.tsv", "a\tb\nc\td\n", pairs, at: "a.tsv:1", "a column that is the"),
    BadInput(
      "one column", "a.tsv", "a\n", pairs, at: "a.tsv:1",
      "a text column and a pair column and a label column expected, found 1 column"),
    BadInput(
      "one column twice", "a.tsv", "a\tb\tc\n", ReadingOptions(textColumn: .number(2), pairColumn: .number(2)),
      kind: .usage, at: "a.tsv:1", "text and pair", "column 2 for both", "--pair-column"),
    BadInput(
      "no such column", "a.tsv", "text\tother\tlabel\na\tb\tc\n", ReadingOptions(pairColumn: .name("othr")),
      at: "a.tsv:1", "the column 'othr'", "Did you mean other?"),
    BadInput(
      "JSON without the key", "a.jsonl", "{\"text\": \"a\", \"label\": 1}\n", ReadingOptions(pairColumn: .name("b")),
      at: "a.jsonl:1", "the key 'b'", "--pair-column"),
    BadInput(
      "JSON, another kind", "a.jsonl", "{\"text\": \"a\", \"label\": true}\n", numbers, at: "a.jsonl:1", "found"),
    BadInput("MR", "a.pos", "a\n", pairs, kind: .usage, at: "a.pos", "a form with columns", "found mr"),
  ]

  @Test(arguments: bad) func isRefused(_ input: BadInput) throws {
    let failure = try #require(
      try TestFiles.failure { try TestFiles.read(input.bytes, as: input.file, input.options) })
    #expect(failure.kind == input.kind && failure.place == input.place, "\(failure)")
    for word in input.words { #expect("\(failure.problem) \(failure.advice)".contains(word), "\(word): \(failure)") }
  }

  @Test func contentsTellPairsAndNumbersApart() throws {
    func digest(_ text: String, _ options: ReadingOptions) throws -> Digest {
      try TestFiles.read(Array(text.utf8), as: "a.tsv", options).contentDigest
    }
    #expect(try digest("a\tb\t1\n", both) != digest("a\tb\t2\n", both))
    #expect(try digest("a\tb\t1\n", both) != digest("a\tc\t1\n", both))
    #expect(try digest("a\tb\t1\n", both) == digest("a\tb\t1.0\n", both))
  }

  @Test func numbersAreSplitAndMustDiffer() throws {
    let rows = (0..<40).map { "t\($0)\tp\($0)\t\(Double($0) / 8)\n" }.joined()
    try TestFiles.with(["a.tsv": Array(rows.utf8), "b.tsv": Array("a\tb\t2\nc\td\t2.0\n".utf8)]) { directory in
      var request = DatasetRequest(kind: .file, paths: ["\(directory)/a.tsv"], reading: both)
      let splits = try request.load()
      #expect(splits.training.count == 32 && splits.validation.count == 8)
      #expect(splits.training.labelLines.count == 1 && splits.training.labelLines[0].hasPrefix("numbers from "))
      request.paths = ["\(directory)/b.tsv"]
      let failure = try #require(try TestFiles.failure { try request.load() })
      #expect(failure.problem.contains("at least two numbers to train on expected, found only '2.0' in 2 examples"))
      for kind in DatasetKind.allCases where kind != .file {
        request.kind = kind
        #expect(try TestFiles.failure { try request.load() }?.kind == .usage)
      }
    }
  }
}
