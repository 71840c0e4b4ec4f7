// `ensue score`: what it prints, and sacreBLEU's figures on real files.

import EnsueEvaluation
import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

@Suite struct ScoreTests {
  private static func run(_ line: String, input: String = "") throws -> ProgramResult {
    try inFolder { try Program.run(line, in: $0, input: Array(input.utf8)) }
  }

  private static func inFolder(_ body: (String) throws -> ProgramResult) throws -> ProgramResult {
    try Sandbox.with { sandbox in
      try sandbox.write("The cat sat on the mat.\nA dog\n", "hyp")
      try sandbox.write("The cat sat on a mat.\nA dog runs\n", "ref")
      try sandbox.write("A cat sat on the mat.\nOne dog", "ref2")
      return try body(sandbox.path)
    }
  }

  @Test func oneLineForEachMeasure() throws {
    let result = try ScoreTests.run("score hyp --references ref ref2 --metric bleu --metric ter")
    #expect(result.code == 0, "\(result)")
    let lines = result.outputLines
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("BLEU|nrefs:2|case:mixed|eff:no|tok:13a|smooth:exp|version:ensue-\(ensueVersion) = "))
    #expect(lines[1].hasPrefix("TER|nrefs:2|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:"))
  }

  @Test func standardInputAndSentences() throws {
    let result = try ScoreTests.run(
      "score - --references=ref --sentence --json", input: "The cat sat on a mat.\nA dog runs")
    let objects = try result.outputLines.map { try #require(JSONValue.parse(Array($0.utf8), name: "").objectValue) }
    #expect(objects.map { $0["line"]?.integerValue } == [1, 2])
    #expect(objects.allSatisfy { abs(($0["score"]?.doubleValue ?? 0) - 100) < 1e-9 })
    #expect(objects[0]["signature"]?.stringValue?.contains("eff:yes") == true)
  }

  /// A pseudo-terminal, as `script` of util-linux makes one. A file or a program gets whole lines.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")), arguments: [20, 40, 80])
  func narrowWindowsGetNarrowLines(_ width: Int) throws {
    let command = "score hyp --references ref --metric bleu --metric chrf++"
    let result = try ScoreTests.inFolder { folder in
      try Program.shell(
        "script -qec '\"$ENSUE\" \(command)' /dev/null", in: folder,
        environment: ["COLUMNS": "\(width)", "TERM": "dumb"])
    }
    #expect(result.code == 0)
    let lines = result.output.filter { $0 != 0x0D }.split(separator: 0x0A)
    #expect(lines.count > 2 && lines.allSatisfy { $0.count <= max(width, 24) }, "\(result)")
    let whole = try ScoreTests.run(command)
    #expect(whole.outputLines.count == 2, "\(whole)")
    let letters = { (text: String) in text.utf8.filter { $0 > 0x20 } }
    #expect(letters(result.outputText) == letters(whole.outputText))
  }

  @Test(arguments: [
    BadCase("no reference", "score data.tsv", 64, "--references"),
    BadCase("an unknown measure", "score data.tsv --references data.tsv --metric blue", 64, "Perhaps 'bleu' was meant"),
    BadCase("a value without use", "score data.tsv data.tsv --smooth-value 0.5", 64, "--smooth-value", "exp"),
    BadCase("an order of none", "score data.tsv data.tsv --max-order 0", 64, "--max-order"),
    BadCase("no order at all", "score data.tsv data.tsv --metric chrf --char-order 0", 78, "chrF"),
    BadCase("standard input twice", "score - --references -", 64, "standard input"),
    BadCase(
      "words of BLEU for chrF", "score data.tsv data.tsv --tokenize zh --metric chrf", 64, "--tokenize",
      "--metric bleu expected, found chrf"),
    BadCase("orders of chrF for BLEU", "score data.tsv data.tsv --word-order 2", 64, "--word-order", "found bleu"),
    BadCase(
      "TER's punctuation for the others", "score data.tsv data.tsv --metric bleu --metric chrf++ --ter-asian", 64,
      "--ter-asian", "found bleu, chrf++"),
    BadCase(
      "case that counts and does not", "score data.tsv data.tsv --metric ter --lowercase --ter-case-sensitive", 64,
      "found both"),
    BadCase("an absent file", "score data.tsv --references nowhere", 66, "nowhere"),
    BadCase("a folder", "score . --references data.tsv", 66, "directory"),
    BadCase("an empty file", "score empty --references data.tsv", 65, "empty", "at least one line") {
      try $0.write("", "empty")
    },
    BadCase("another number of lines", "score short --references data.tsv", 65, "data.tsv", "1 lines expected") {
      try $0.write("one\n", "short")
    },
    BadCase("no UTF-8", "score bytes --references bytes", 65, "bytes:2", "UTF-8") {
      try $0.write([0x61, 0x0A, 0xFF, 0x0A], "bytes")
    },
  ]) func badInputIsRefused(_ badCase: BadCase) throws { try badCase.check() }

  @Test(arguments: [40, 80]) func help(_ width: Int) throws {
    let result = try Program.run("help score", in: TestFiles.root, environment: ["COLUMNS": "\(width)"])
    let folder = OutputFile.directory(of: #filePath) + "/Goldens"
    let file = "\(folder)/help-score-\(width).txt"
    if ProcessInfo.processInfo.environment["ENSUE_RECORD"] != nil { try OutputFile.write(result.outputText, to: file) }
    #expect(try String(decoding: InputFile.contents(of: file), as: UTF8.self) == result.outputText)
  }

  /// Multi30k's test of 2016 against itself, corrupted by rule, and with a second reference: the figures of
  /// Tests/Goldens/translation-metrics.py.
  @Test(.enabled(if: TestFiles.data != nil, "\(TestFiles.dataIsAbsent)"), arguments: ["itself", "corrupted", "two"])
  func realFilesScoreAsWithSacreBLEU(_ name: String) throws {
    let golden = try JSONValue.contents(of: TestFiles.golden("translation-metrics.json")).objectValue
    let expected = try #require(golden?["multi30k"]?.objectValue?[name]?.arrayValue).compactMap(\.stringValue)
    let folder = "\(TestFiles.data ?? "")/multi30k/raw"
    let lines = try TranslationLines.contents(of: "\(folder)/test_2016_flickr.en")
    try Sandbox.with { sandbox in
      let hypotheses = name == "itself" ? lines : ScoreTests.corrupted(lines)
      try sandbox.write(hypotheses.map { $0 + "\n" }.joined(), "hyp")
      let references = ["\(folder)/test_2016_flickr.en"] + (name == "two" ? ["\(folder)/test_2016_flickr.de"] : [])
      var printed: [String] = []
      for options in [["bleu"], ["bleu", "--tokenize", "intl"], ["chrf"], ["chrf++"], ["ter"]] {
        let result = try Program.run(
          ["score", "hyp", "--metric"] + options + ["--references"] + references, in: sandbox.path)
        printed += result.outputLines.map { $0.replacing("version:ensue-\(ensueVersion)", with: "version:") }
      }
      #expect(printed == expected)
    }
  }

  private static func corrupted(_ lines: [String]) -> [String] {
    lines.enumerated().map { offset, line in
      let index = offset + 1
      var words = line.split(separator: " ")
      if index % 3 == 0 { words.removeSubrange(1..<min(2, words.count)) }
      if index % 5 == 0 { words = Array(words.dropFirst(3) + words.prefix(3)) }
      let text = words.joined(separator: " ")
      return index % 11 == 0 ? "" : index % 7 == 0 ? text.uppercased() : text
    }
  }
}
