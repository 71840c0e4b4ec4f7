// Requests: files, fractions, labels, and what is refused.

import EnsueData
import EnsueFiles
import Testing

@Suite struct DatasetRequestTests {
  private let rows = Array((1...50).map { "text \($0)\t\($0 % 5 == 0 ? "a" : "b")\n" }.joined().utf8)

  @Test func fileIsSplit() throws {
    try TestFiles.with(["t.tsv": rows]) { directory in
      let splits = try DatasetRequest(kind: .file, paths: ["\(directory)/t.tsv"]).load()
      #expect(splits.training.classBalance.counts == [8, 32] && splits.validation.classBalance.counts == [2, 8])
      #expect(splits.test == nil && splits.parts.count == 2)
      let whole = try DatasetRequest(kind: .file, paths: ["\(directory)/t.tsv"], validationFraction: 0).load()
      #expect(whole.validation.isEmpty && whole.training.count == 50 && whole.parts.count == 1)
    }
  }

  @Test func otherFilesTakeTheTrainingLabels() throws {
    let files = [
      "t.tsv": rows, "v.tsv": Array("v\tb\n".utf8), "s.csv": Array("s,b\n".utf8), "x.csv": Array("s,b\nt,c\n".utf8),
    ]
    try TestFiles.with(files) { directory in
      var request = DatasetRequest(
        kind: .file, paths: ["\(directory)/t.tsv"], validationPaths: ["\(directory)/v.tsv"],
        testPaths: ["\(directory)/s.csv"])
      let splits = try request.load()
      #expect(splits.training.count == 50)
      #expect(splits.validation.labels == ["a", "b"] && splits.validation.examples.map(\.label) == [1])
      #expect(splits.test?.examples.map(\.label) == [1])
      request.testPaths = ["\(directory)/x.csv"]
      let failure = try #require(throws: Failure.self) { _ = try request.load() }
      #expect(failure.place.hasSuffix("x.csv:2"))
      #expect(failure.problem == "one of the labels 'a', 'b' expected, found 'c'")
    }
  }

  @Test func oneClassIsRefused() throws {
    try TestFiles.with(["t.tsv": Array("x\tp\ny\tp\n".utf8)]) { directory in
      let failure = try #require(throws: Failure.self) {
        _ = try DatasetRequest(kind: .file, paths: ["\(directory)/t.tsv"]).load()
      }
      #expect(failure.problem.contains("at least two classes to train on expected, found only 'p' in 2 examples"))
    }
  }

  @Test func wrongPathsAreRefused() {
    for (kind, paths) in [
      (DatasetKind.mr, []), (.mr, ["a", "b"]), (.semeval2017a, []), (.file, []), (.reviews, ["a"]),
    ] {
      let failure = #expect(throws: Failure.self) { _ = try DatasetRequest(kind: kind, paths: paths).load() }
      #expect(failure?.kind == .usage)
    }
  }

  @Test func reindexing() throws {
    let data = try TestFiles.read(Array("x\ta\ny\tb\n".utf8), as: "a.tsv")
    let moved = try data.reindexed(to: ["c", "b", "a"])
    #expect(moved.examples.map(\.label) == [2, 1])
    let failure = try #require(throws: Failure.self) { _ = try data.reindexed(to: ["a", "c"]) }
    #expect(failure.place.hasSuffix("a.tsv:2"))
  }

  @Test func namesAreWhatOneTypes() {
    #expect(DatasetKind.allCases.map(\.rawValue) == ["mr", "semeval-2017-4a", "file", "reviews"])
    #expect(DatasetKind.allCases.allSatisfy { !$0.summary.isEmpty })
  }
}
