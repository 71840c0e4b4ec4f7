// ensue translate as a part of pipelines, and ensue attend for translations.

import EnsueFiles
import Foundation
import Testing

@Suite struct TranslateCommandTests {
  private static let lines = ["a b c", "", "f", "b b b b b", "a c", "c", "d e f a", "  ", "e d"]
  private static var input: [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }

  @Test(arguments: [TranslatingRun.shared, TranslatingRun.sharedTransformer, TranslatingRun.sharedFixed])
  func linesInTheirOrder(_ run: Result<TranslatingRun, any Error>) throws {
    let path = try run.get().path
    let folder = NSTemporaryDirectory()
    let all = try Program.run("translate \(path) --beam 3", in: folder, input: TranslateCommandTests.input)
    try #require(all.code == 0, "\(all)")
    #expect(all.outputLines.count == TranslateCommandTests.lines.count, "\(all)")
    #expect(all.outputLines[1].isEmpty && all.outputLines[7].isEmpty, "\(all)")
    // Neither batches nor neighbours nor threads change a translation.
    for options in ["--batch 1", "--batch 3", "--threads 1", "--threads 3"] {
      let other = try Program.run(
        "translate \(path) --beam 3 \(options)", in: folder, input: TranslateCommandTests.input)
      #expect(other.output == all.output, "\(options)")
    }
    let one = try Program.run(["translate", path, "--beam", "3", "a b c", "f"], in: folder)
    #expect(one.outputLines == [all.outputLines[0], all.outputLines[2]], "\(one)")
  }

  @Test func bestAndScores() throws {
    let path = try TranslatingRun.shared.get().path
    let result = try Program.run(
      "translate \(path) --beam 4 --n-best 3", in: NSTemporaryDirectory(), input: Array("a b\n\nc\n".utf8))
    #expect(result.code == 0, "\(result)")
    let rows = result.outputLines.map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    #expect(rows.map { $0[0] } == ["1", "1", "1", "2", "3", "3", "3"], "\(result)")
    for place in [(0, 1), (1, 2), (4, 5), (5, 6)] {
      #expect(Double(rows[place.0][1]) ?? -9 >= Double(rows[place.1][1]) ?? 9, "\(result)")
    }
    let scores = try Program.run(["translate", path, "--scores", "a b"], in: NSTemporaryDirectory())
    #expect(scores.outputLines.first?.split(separator: "\t").count == 2, "\(scores)")
  }

  @Test func asJSON() throws {
    let path = try TranslatingRun.sharedTransformer.get().path
    let result = try Program.run(
      "translate \(path) --json --alignments --beam 2 --n-best 2", in: NSTemporaryDirectory(),
      input: Array("a b c\n".utf8))
    let object = try #require(try JSONValue.parse(result.output, name: "json").objectValue, "\(result)")
    #expect(object["source"] == .string("a b c") && object["sourceTokens"]?.arrayValue?.count == 4)
    let translations = try #require(object["translations"]?.arrayValue)
    #expect(translations.count == 2)
    for translation in translations {
      let tokens = translation.objectValue?["tokens"]?.arrayValue?.count
      let heads = try #require(translation.objectValue?["alignment"]?.arrayValue)
      #expect(heads.count == 4, "two layers of two heads")
      for head in heads {
        #expect(head.arrayValue?.count == tokens)
        for row in head.arrayValue ?? [] {
          let sum = (row.arrayValue ?? []).reduce(0) { $0 + ($1.doubleValue ?? 0) }
          #expect(row.arrayValue?.count == 4 && abs(sum - 1) < 1e-4, "\(row)")
        }
      }
    }
    let links = try Program.run(["translate", path, "--alignments", "--beam", "1", "a b"], in: NSTemporaryDirectory())
    // The source's end and the translation's have no links.
    let cells = links.outputText.dropLast().split(separator: "\t", omittingEmptySubsequences: false)
    let pairs = cells.last?.split(separator: " ") ?? []
    #expect(cells.count == 2 && pairs.count == cells[0].split(separator: " ").count, "\(links)")
    #expect(pairs.allSatisfy { $0.contains(#/^[01]-[0-9]+$/#) }, "\(links)")
  }

  @Test func rules() throws {
    let path = try TranslatingRun.shared.get().path
    func words(_ options: String, _ text: String = "a b c d") throws -> [Substring] {
      let result = try Program.run(
        ["translate", path] + Program.words(options) + [text], in: NSTemporaryDirectory())
      #expect(result.code == 0, "\(result)")
      return result.outputText.split(whereSeparator: \.isWhitespace)
    }
    #expect(try words("--minimum-length 7 --maximum-length 9").count >= 7)
    #expect(try words("--maximum-length 2").count <= 2)
    let unrepeated = try words("--no-repeat-ngram 1 --minimum-length 4", "b b b b b")
    #expect(Set(unrepeated).count == unrepeated.count)
  }

  @Test func prefixes() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun()
      try sandbox.write("f e\n\nd\n", "prefixes.txt")
      let input = Array("a b c\na b\nc\n".utf8)
      let filed = try Program.run("translate run --prefix-file prefixes.txt", in: sandbox.path, input: input)
      #expect(
        filed.code == 0 && filed.outputLines[0].hasPrefix("f e") && filed.outputLines[2].hasPrefix("d"), "\(filed)")
      let tabbed = try Program.run(
        "translate run --tabbed-prefixes", in: sandbox.path, input: Array("a b c\tf e\na b\nc\td\n".utf8))
      #expect(tabbed.output == filed.output, "\(tabbed)")
    }
  }

  @Test func unknownWordsAreCounted() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun()
      let said = "2 of the 4 words of the sentences are not in the model's vocabulary"
      let input = Array("a zebra b\nyak\n".utf8)
      let result = try Program.run("translate run --beam 1", in: sandbox.path, input: input)
      #expect(result.code == 0 && result.outputLines.count == 2 && result.errorText.contains(said), "\(result)")
      #expect(try Program.run("translate run --quiet", in: sandbox.path, input: input).error.isEmpty)
      let seen = try Program.run(["attend", "run", "a zebra b", "b a"], in: sandbox.path)
      #expect(seen.outputText.contains("not in the vocabulary: symbols of the source at 2"), "\(seen)")
      let json = try Program.run(["attend", "run", "a zebra b", "b a", "--json"], in: sandbox.path)
      #expect(json.outputText.contains("\"unknown\":[1]"), "\(json)")
    }
  }

  /// A program may ask, wait for the answer, and ask again; what is no text is answered too.
  @Test func aLineIsAnsweredBeforeTheInputEnds() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun()
      let result = try Program.shell(
        #"""
        coproc T { "$ENSUE" translate run --beam 1 --quiet --skip-bad; }
        process=$T_PID
        for line in 'a b c' $'\377' f; do
          echo "$line" >&${T[1]}
          read -r -t 20 answer <&${T[0]} && echo "$answer"
        done
        eval "exec ${T[1]}>&-"
        wait $process
        """#, in: sandbox.path)
      let own = try Program.run(["translate", "run", "--beam", "1", "a b c", "f"], in: sandbox.path).outputLines
      try #require(own.count == 2, "\(own)")
      #expect(result.code == 65 && result.outputLines == [own[0], "", own[1]], "\(result)")
    }
  }

  @Test func aClosedPipeEndsQuietly() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun()
      let result = try Program.shell(
        "for i in $(seq 600); do echo a b c; done | \"$ENSUE\" translate run --beam 1 | head -1;"
          + " echo ${PIPESTATUS[1]}", in: sandbox.path)
      #expect(result.outputLines.count == 2 && result.outputLines.last == "0" && result.error.isEmpty, "\(result)")
    }
  }

  /// What stands before a wrong line is translated and written.
  @Test func nothingIsLostBeforeAnError() throws {
    let path = try TranslatingRun.shared.get().path
    let long = Array(repeating: "a", count: 100_000).joined(separator: " ")
    let result = try Program.run(
      "translate \(path)", in: NSTemporaryDirectory(), input: Array("a b\nc\n\(long)\nd\n".utf8))
    #expect(result.code == 65 && result.outputLines.count == 2 && result.errorLines.count == 1, "\(result)")
    #expect(result.errorText.contains("standard input:3") && result.errorText.contains("found 100000"), "\(result)")
    let bytes = try Program.run(
      "translate \(path)", in: NSTemporaryDirectory(), input: Array("a b\nc\n".utf8) + [0xFF, 0x0A] + Array("d\n".utf8))
    #expect(bytes.code == 65 && bytes.outputLines == Array(result.outputLines), "\(bytes)")
    #expect(bytes.errorText.contains("standard input:3") && bytes.errorText.contains("UTF-8"), "\(bytes)")
  }

  /// A sentence too long for the model, bytes that are no text, and a line too long to be read.
  @Test func nothingIsLostAfterAnErrorEither() throws {
    let path = try TranslatingRun.shared.get().path
    let long = Array(repeating: "a", count: 1100).joined(separator: " ")
    let endless = Array(repeating: "a", count: 600_000).joined(separator: " ")
    let input = Array("a b\n\(long)\nc\n".utf8) + [0xFF, 0x0A] + Array("d\n\(endless)\ne\n".utf8)
    let result = try Program.run(
      "translate \(path) --skip-bad --beam 1 --quiet", in: NSTemporaryDirectory(), input: input)
    let good = try Program.run(
      "translate \(path) --beam 1", in: NSTemporaryDirectory(), input: Array("a b\nc\nd\ne\n".utf8))
    try #require(good.code == 0 && good.outputLines.count == 4, "\(good)")
    let own = good.outputLines
    #expect(result.code == 65 && result.outputLines == [own[0], "", own[1], "", own[2], "", own[3]], "\(result)")
    #expect(result.errorLines.count == 4 && result.errorText.contains("found 3 of 7"), "\(result)")
    for place in ["standard input:2: a text", "standard input:4: UTF-8", "standard input:6: a line of at most"] {
      #expect(result.errorText.contains(place), "\(result)")
    }
    let json = try Program.run(
      "translate \(path) --skip-bad --beam 1 --json", in: NSTemporaryDirectory(), input: input)
    let objects = try json.outputLines.map { line in
      try #require(JSONValue.parse(Array(line.utf8), name: "line").objectValue)
    }
    #expect(objects.map { $0["error"] != nil } == [false, true, false, true, false, true, false], "\(json)")
    #expect(objects[3]["error"]?.stringValue?.contains("UTF-8") == true && json.code == 65, "\(json)")
    let fine = try Program.run("translate \(path) --skip-bad --quiet a", in: NSTemporaryDirectory())
    #expect(fine.code == 0 && fine.error.isEmpty, "\(fine)")
  }

  /// A prefix of each line stays with its line.
  @Test func prefixesStayWithTheirLines() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun()
      try sandbox.write("b\nzebra\nc\n", "p.txt")
      let result = try Program.run("translate run --prefix-file p.txt --skip-bad --beam 1 a a a", in: sandbox.path)
      #expect(result.code == 65 && result.outputLines.count == 3, "\(result)")
      #expect(result.outputLines.map { $0.prefix(1) } == ["b", "", "c"], "\(result)")
      let fewer = try Program.run("translate run --prefix-file p.txt --skip-bad --beam 1 a a a a", in: sandbox.path)
      #expect(fewer.code == 65 && fewer.errorText.contains("a line of --prefix-file for every sentence"), "\(fewer)")
    }
  }

  @Test func nothingIsLostBeforeAWrongPrefix() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun()
      let long = Array(repeating: "a", count: 1100).joined(separator: " ")
      let result = try Program.run(
        "translate run --tabbed-prefixes", in: sandbox.path, input: Array("a b\tc\nc\nd\t\(long)\nd\n".utf8))
      #expect(result.code == 65 && result.outputLines.count == 2, "\(result)")
      #expect(result.errorText.contains("standard input:3: a prefix of at most 1024"), "\(result)")
    }
  }

  @Test func minimumLengthsAreKept() throws {
    let path = try TranslatingRun.shared.get().path
    let result = try Program.run(["translate", path, "--minimum-length", "60", "a b"], in: NSTemporaryDirectory())
    #expect(result.outputText.split(whereSeparator: \.isWhitespace).count >= 60, "\(result)")
  }

  /// A pseudo-terminal, as `script` of util-linux makes one.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func asksOnATerminal() throws {
    let path = try TranslatingRun.shared.get().path
    let result = try Program.shell(
      "(echo 'a b c'; echo; printf '\\004') | script -qec '\"$ENSUE\" translate \(path)' /dev/null",
      in: NSTemporaryDirectory(), environment: ["COLUMNS": "80", "TERM": "dumb"])
    #expect(result.code == 0 && result.outputText.contains("> ") && result.outputText.contains("Ctrl-D"), "\(result)")
    let own = try Program.run(["translate", path, "a b c"], in: NSTemporaryDirectory())
    #expect(result.outputText.contains(try #require(own.outputLines.first)), "\(result)")
  }

  /// What is said at the end is said there too.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func aTerminalHearsOfPrefixesLeftOver() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun()
      try sandbox.write("a\nb\nc\n", "prefixes.txt")
      let result = try Program.shell(
        "(echo 'a zebra'; printf '\\004') | script -qec"
          + " '\"$ENSUE\" translate run --prefix-file prefixes.txt' /dev/null",
        in: sandbox.path, environment: ["COLUMNS": "80", "TERM": "dumb"])
      #expect(result.code == 65 && result.outputText.contains("as many lines as sentences (1) expected"), "\(result)")
      #expect(result.outputText.contains("1 of the 2 words of the sentences"), "\(result)")
    }
  }

  // MARK: attend

  /// There is no option that lets a longer one in.
  @Test func aLongSourceIsRefusedWithoutAdviceThatHelpsNobody() throws {
    let long = Array(repeating: "a", count: 1025).joined(separator: " ")
    let result = try Program.run(["attend", try TranslatingRun.shared.get().path, long], in: NSTemporaryDirectory())
    #expect(result.code == 65 && result.errorText.contains("at most 1024 words expected, found 1025"), "\(result)")
    #expect(result.errorText.hasSuffix("Divide it.\n"), "\(result)")
  }

  @Test func shadesAndPictures() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun()
      try sandbox.addTranslatingRun(TranslatingRun.sharedTransformer, as: "heads")
      let one = try Program.run(
        ["attend", "run", "a b c", "c b a", "--svg", "one.svg", "--picture", "one.png"], in: sandbox.path)
      #expect(one.code == 0 && one.outputText.contains("> c b a") && one.outputText.contains("in per cent"), "\(one)")
      #expect(one.outputText.contains("</s>"), "\(one)")
      #expect(try sandbox.text("one.svg").contains("<svg"))
      #expect(try sandbox.bytes("one.png").prefix(4) == [0x89, 0x50, 0x4E, 0x47])
      let heads = try Program.run(["attend", "heads", "a b"], in: sandbox.path)
      for title in ["mean of 4 heads", "layer 1, head 1", "layer 2, head 2"] {
        #expect(heads.outputText.contains(title), "\(title): \(heads)")
      }
      let chosen = try Program.run(["attend", "heads", "--layer", "2", "--head", "1", "a b"], in: sandbox.path)
      #expect(!chosen.outputText.contains("layer"), "one map needs no name\n\(chosen)")
      let lines = try Program.run("attend heads --json", in: sandbox.path, input: Array("a b\tb a\nc\n".utf8))
      #expect(lines.outputLines.count == 2 && lines.outputLines[0].contains("\"target\":\"b a\""), "\(lines)")
    }
  }
}
