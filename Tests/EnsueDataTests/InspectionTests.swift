// Statistics and the printed overview.

import EnsueData
import EnsueFiles
import Testing

@Suite struct InspectionTests {
  @Test func lengths() {
    let lengths = LengthStatistics([5, 1, 4, 2, 3, 10])
    #expect(lengths.minimum == 1 && lengths.maximum == 10 && lengths.count == 6 && lengths.total == 25)
    #expect(lengths.median == 3.5 && lengths.mean == 25.0 / 6)
    #expect(lengths.percentile(90) == 10 && lengths.percentile(50) == 3 && lengths.percentile(1) == 1)
    let cut = lengths.truncation(to: 3)
    #expect(cut.sentences == 3 && cut.tokens == 1 + 2 + 7)
    #expect(
      lengths.lines(limit: 3) == [
        "min 1, mean 4.2, median 3.5, 90 % ≤ 10, 95 % ≤ 10, 99 % ≤ 10, max 10",
        "3 sentences longer than 3 (50.0 %), 10 tokens cut (40.0 %)",
      ])
    #expect(LengthStatistics([]).lines(limit: 3).count == 2)
    let hundred = LengthStatistics(Array(1...100))
    #expect([90, 95, 99, 100].map { hundred.percentile($0) } == [90, 95, 99, 100])
  }

  @Test func balance() {
    let balance = ClassBalance(labels: ["negative", "positive", "a\tb"], counts: [4_331, 4_330, 1])
    #expect(
      balance.lines == [
        "negative  4,331 (50.0 %)", "positive  4,330 (50.0 %)", "'a\\tb'        1 (0.0 %)",
      ])
    #expect(balance.majorityShare == 4_331.0 / 8_662)
    #expect(ClassBalance(labels: ["x"], counts: [0]).lines == ["x  0 (-)"])
  }

  @Test func overview() throws {
    let files = [
      "t.tsv": Array("good film\tp\nbad film\tn\ngood film\tn\nthe end\tp\n- -\tn\n".utf8),
      "v.tsv": Array("bad film\tn\nnew\tp\n\n".utf8), "s.tsv": Array("bad film\tp\nthe end\tp\n".utf8),
    ]
    let lines = try TestFiles.with(files) { directory in
      let splits = try DatasetRequest(
        kind: .file, paths: ["\(directory)/t.tsv"], validationPaths: ["\(directory)/v.tsv"],
        testPaths: ["\(directory)/s.tsv"]
      ).load()
      let tokens: (String) -> [String] = { $0.split(separator: " ").map(String.init).filter { $0 != "-" } }
      let inspection = DataInspection(splits.parts, lengthLimit: 1, tokens: tokens) { tokens($0).count }
      #expect(inspection.files.count == 3)
      #expect(inspection.duplicates.within == [1, 0, 0])
      #expect(inspection.duplicates.across.map(\.rows) == [1, 2, 1])
      #expect(inspection.duplicates.conflicts == 2)
      #expect(inspection.duplicates.firstConflict?.places == ["\(directory)/t.tsv:1", "\(directory)/t.tsv:3"])
      #expect(inspection.frequentTokens.map(\.token) == ["film", "good", "bad", "end", "the"])
      let json = try JSONValue.parse(Array(inspection.json.description.utf8), name: "json").objectValue
      #expect(json?.keys == ["files", "parts", "duplicates", "distinctTokens", "frequentTokens"])
      return inspection.lines(width: 200).map { $0.replacing("\(directory)/", with: "") }
    }
    for expected in [
      "file training: 5 examples", "  n  3 (60.0 %)", "  1 example without any token, the first at t.tsv:5",
      "file training: 1 row repeats the text of an earlier one", "file validation: 1 blank line passed over",
      "file test: 2 rows have a text that is also in file training, the first at s.tsv:1",
      "2 texts stand under more than one label, such as 'good film': t.tsv:1 p, t.tsv:3 n",
      "5 different tokens in file training; the most frequent:", "film 3, good 2, bad 1, end 1, the 1",
    ] {
      #expect(lines.contains(expected), "\(expected) is not in\n\(lines.joined(separator: "\n"))")
    }
  }

  @Test func linesKeepToTheWidth() throws {
    let splits = try ReviewCorpus(trainingCount: 20, validationCount: 2, testCount: 0).splits()
    let tokens: (String) -> [String] = { $0.split(separator: " ").map(String.init) }
    let inspection = DataInspection(splits.parts, frequentCount: 50, tokens: tokens) { tokens($0).count }
    for width in [40, 60, 100] {
      #expect(inspection.lines(width: width).allSatisfy { $0.unicodeScalars.count <= width })
    }
  }

  @Test func contentDigestSeesEverything() throws {
    let read = { (first: String, second: String) in
      try TestFiles.read(Array("x\t\(first)\ny\t\(second)\n".utf8), as: "a.tsv").contentDigest
    }
    #expect(try read("a", "b") == read("a", "b"))
    #expect(try Set([read("a", "b"), read("b", "a"), read("a", "c")]).count == 3)
  }
}
