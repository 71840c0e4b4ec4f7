// Parallel text from files: what is read, what is dropped and counted, and what is refused.

import EnsueData
import EnsueFiles
import Testing

@Suite struct ParallelFileTests {
  private func read(
    _ files: [String: String], _ names: [String], _ options: ParallelReadingOptions = ParallelReadingOptions(),
    _ limits: ParallelLimits = ParallelLimits(), languages: (source: String, target: String)? = nil
  ) throws -> ParallelDataset {
    try TestFiles.with(files.mapValues { Array($0.utf8) }) { directory in
      do {
        return try ParallelDataset.read(
          names.map { "\(directory)/\($0)" }, name: "data", options: options, limits: limits, languages: languages)
      } catch let failure as Failure {
        throw TestFiles.relative(failure, to: directory)
      }
    }
  }

  private func pairs(_ texts: (String, String)...) -> [SentencePair] {
    texts.map { SentencePair(source: $0.0, target: $0.1) }
  }

  @Test func linesOfTwoFiles() throws {
    let data = try read(["a.de": " ein Haus\r\nzwei  Häuser\n", "a.en": "a house\ntwo  houses"], ["a.de", "a.en"])
    #expect(data.pairs == pairs(("ein Haus", "a house"), ("zwei  Häuser", "two  houses")))
    #expect(data.report.read == 2 && data.report.kept == 2 && data.report.droppedCount == 0)
    #expect(data.report.files.count == 2 && data.report.lines[2] == "2 pairs, 2 kept")
  }

  @Test func emptySidesAreDroppedAndCounted() throws {
    let data = try read(["s": "a\n\n \nb\n\n", "t": "1\n2\n\n\n5\n"], ["s", "t"])
    #expect(data.pairs == pairs(("a", "1")))
    #expect(data.report.droppedCount(.emptySource) == 3 && data.report.droppedCount(.emptyTarget) == 1)
    #expect(data.report.read == 5 && data.report.kept == 1)
    let lines = data.report.lines.joined(separator: "\n")
    #expect(lines.contains("5 pairs, 1 kept") && lines.contains("3 pairs dropped with an empty source, the first at"))
    #expect(data.report.changes.count == 2 && data.report.changes[0].hasPrefix("3 pairs dropped"))
    #expect(lines.contains("s:2") && lines.contains("1 pair dropped with an empty target") && lines.contains("s:4"))
  }

  @Test func limitsDropByReason() throws {
    let source = ["a b c", "a b c d", "abcdefghijk", "a", "a b", "", ""].joined(separator: "\n")
    let target = ["a b c", "a", "a", "a b c", "a b c", "a\n"].joined(separator: "\n")
    let limits = ParallelLimits(words: 3, characters: 10, ratio: 2)
    let data = try read(["s": source, "t": target], ["s", "t"], ParallelReadingOptions(), limits)
    // A line that ends the last file with nothing in it is not a line.
    #expect(data.report.read == 6)
    #expect(data.pairs == pairs(("a b c", "a b c"), ("a b", "a b c")))
    for (reason, count) in [
      (DroppedPairReason.emptySource, 1), (.emptyTarget, 0), (.tooManyWords, 1), (.tooManyCharacters, 1),
      (.lengthRatio, 1), (.heldOut, 0),
    ] { #expect(data.report.droppedCount(reason) == count, "\(reason)") }
    let json = try #require(data.report.json.objectValue?["dropped"]?.arrayValue)
    #expect(json.count == 4)
  }

  @Test func aLineOfManyWords() throws {
    let long = String(repeating: "word ", count: 100_000)
    let kept = try read(["s": "a\n\(long)\nb\n", "t": "1\n2\n3\n"], ["s", "t"], ParallelReadingOptions(), .none)
    #expect(kept.count == 3 && kept.pairs[1].source.utf8.count == 499_999)
    let dropped = try read(["s": "a\n\(long)\nb\n", "t": "1\n2\n3\n"], ["s", "t"])
    #expect(dropped.count == 2 && dropped.report.droppedCount(.tooManyWords) == 1)
    let table = try read(["t.tsv": "a\t1\n\(long)\t2\n"], ["t.tsv"], ParallelReadingOptions(), .none)
    #expect(table.count == 2)
    #expect(throws: Failure.self) {
      try read(["s": "a\n\(long)\n", "t": "1\n2\n"], ["s", "t"], ParallelReadingOptions(lineLimit: 1_000))
    }
  }

  @Test func tables() throws {
    let expected = pairs(("ja", "yes"), ("\"nein\"", "no"))
    #expect(try read(["t.tsv": "ja\tyes\n\n\"nein\"\tno\n"], ["t.tsv"]).pairs == expected)
    #expect(try read(["t.csv": "ja,yes\n\"\"\"nein\"\"\",no\n"], ["t.csv"]).pairs == expected)
    #expect(try read(["t.tsv": "source\ttarget\nja\tyes\n\"nein\"\tno"], ["t.tsv"]).pairs == expected)
    let swapped = ["t.tsv": "id\ten\tde\n1\tyes\tja\n2\tno\t\"nein\"\n"]
    #expect(try read(swapped, ["t.tsv"], languages: ("de", "en")).pairs == expected)
    let named = ParallelReadingOptions(sourceColumn: .name("de"), targetColumn: .name("en"))
    #expect(try read(swapped, ["t.tsv"], named).pairs == expected)
    let numbered = ParallelReadingOptions(sourceColumn: .number(3), targetColumn: .number(2), header: .yes)
    #expect(try read(swapped, ["t.tsv"], numbered).pairs == expected)
    let blank = try read(["t.tsv": "ja\tyes\n\n\t\nx\t\n"], ["t.tsv"]).report
    #expect(blank.blankLines == 1 && blank.droppedCount(.emptySource) == 1 && blank.droppedCount(.emptyTarget) == 1)
    #expect(blank.lines.contains("1 blank line passed over"))
  }

  @Test func encodings() throws {
    try TestFiles.with(["s": [0x4D, 0xE4, 0x0A, 0x62], "t": Array("a\nb\n".utf8)]) { directory in
      let paths = ["\(directory)/s", "\(directory)/t"]
      let latin = try ParallelDataset.read(paths, name: "", options: ParallelReadingOptions(encoding: .latin1))
      #expect(latin.pairs[0].source == "Mä")
      let failure = try #require(throws: Failure.self) { try ParallelDataset.read(paths, name: "") }
      #expect(failure.place == "\(directory)/s:1" && failure.problem.contains("0xE4"))
      let replaced = try ParallelDataset.read(paths, name: "", options: ParallelReadingOptions(badBytes: .replace))
      #expect(replaced.pairs[0].source == "M\u{FFFD}" && replaced.report.replacedBytes == 1)
      #expect(replaced.report.lines.contains("1 byte that was not UTF-8 replaced"))
    }
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let name: String
    let files: [String: String]
    let paths: [String]
    var options = ParallelReadingOptions()
    var kind = Failure.Kind.data
    let words: [String]

    var testDescription: String { name }
  }

  static let refusals = [
    Refusal(
      name: "unequal sides", files: ["a": "1\n2\n3\n", "b": "1\n2\n"], paths: ["a", "b"],
      words: ["a: ", "as many lines as in 'b' (2) expected, found 3"]),
    Refusal(
      name: "a last empty line more", files: ["a": "1\n", "b": "1\n\n"], paths: ["a", "b"], words: ["(2)", "found 1"]),
    Refusal(name: "first empty", files: ["a": "", "b": "1\n"], paths: ["a", "b"], words: ["a: ", "an empty file"]),
    Refusal(name: "second empty", files: ["a": "1\n", "b": ""], paths: ["a", "b"], words: ["b: ", "an empty file"]),
    Refusal(
      name: "only blank lines", files: ["a": "\n\n", "b": "x\ny\n"], paths: ["a", "b"],
      words: ["found 2 that were dropped (2 with an empty source)"]),
    Refusal(
      name: "missing", files: ["a": "1\n"], paths: ["a", "b"], kind: .missing, words: ["b: ", "cannot be read"]),
    Refusal(
      name: "a folder", files: ["a": "1\n", "b/c": "1\n"], paths: ["a", "b"], kind: .missing,
      words: ["b: a file expected, found a directory"]),
    Refusal(
      name: "a folder as a table", files: ["b/c": "1\n"], paths: ["b"], kind: .missing, words: ["found a directory"]),
    Refusal(
      name: "the same twice", files: ["a": "1\n"], paths: ["a", "a"], kind: .usage,
      words: ["two different files", "the same twice"]),
    Refusal(name: "three files", files: ["a": "1\n"], paths: ["a", "a", "a"], kind: .usage, words: ["found 3 files"]),
    Refusal(name: "no file", files: [:], paths: [], kind: .usage, words: ["found 0 files"]),
    Refusal(name: "NUL", files: ["a": "1\n\0\n", "b": "1\n2\n"], paths: ["a", "b"], words: ["a:2", "NUL"]),
    Refusal(
      name: "lone carriage return", files: ["a": "1\r2\n", "b": "1\n"], paths: ["a", "b"],
      words: ["a:1", "lone carriage return at column 2"]),
    Refusal(name: "one column", files: ["t": "a b\nc d\n"], paths: ["t"], words: ["t:1", "found 1 column", "Tabs"]),
    Refusal(
      name: "wrong column count", files: ["t": "a\tb\nc\td\te\n"], paths: ["t"],
      words: ["t:2", "2 fields expected, found 3"]),
    Refusal(
      name: "three columns, none named", files: ["t": "a\tb\tc\n"], paths: ["t"],
      words: ["t:1", "a column that is the source expected", "Call it source in the header"]),
    Refusal(
      name: "a column that is not there", files: ["t": "de\ten\na\tb\n"], paths: ["t"],
      options: ParallelReadingOptions(sourceColumn: .name("dee"), targetColumn: .name("en")),
      words: ["the column 'dee' expected, found the columns 'de', 'en'", "Did you mean de?"]),
    Refusal(
      name: "one column for both", files: ["t": "de\ten\na\tb\n"], paths: ["t"],
      options: ParallelReadingOptions(sourceColumn: .number(2), targetColumn: .number(2)), kind: .usage,
      words: ["source and target expected, found column 2 for both"]),
    Refusal(name: "an empty table", files: ["t": ""], paths: ["t"], words: ["t: ", "found an empty file"]),
    Refusal(
      name: "a header alone", files: ["t": "source\ttarget\n"], paths: ["t"],
      words: ["pairs of sentences expected, found none"]),
  ]

  @Test(arguments: refusals) func refused(_ test: Refusal) throws {
    let failure = try #require(throws: Failure.self) { _ = try read(test.files, test.paths, test.options) }
    #expect(failure.kind == test.kind)
    // The other file is named with its folder.
    let text = failure.description.replacing(/'[^']*\/ensue-data-[^\/]*\//, with: "'")
    for word in test.words { #expect(text.contains(word), "\(text)") }
    #expect(!text.contains("\n"))
  }

  @Test func limitsThatCannotBe() {
    for limits in [
      ParallelLimits(words: 0), ParallelLimits(characters: -1), ParallelLimits(ratio: 0.5), ParallelLimits(ratio: .nan),
    ] {
      #expect(throws: Failure.self) { try read(["a": "1", "b": "1"], ["a", "b"], ParallelReadingOptions(), limits) }
    }
  }

  @Test func bytesDecideEquality() {
    #expect(SentencePair(source: "\u{E4}", target: "") != SentencePair(source: "a\u{308}", target: ""))
  }
}
