// Requests for pairs: what is held out, the named data sets as they are, and what a request cannot ask.

import EnsueData
import EnsueFiles
import EnsueText
import Foundation
import Testing

@Suite struct ParallelRequestTests {
  @Test func filesHoldOutATenth() throws {
    let source = (0..<50).map { "satz \($0 / 2)" }.joined(separator: "\n")
    let target = (0..<50).map { "sentence \($0)" }.joined(separator: "\n")
    try TestFiles.with(["s": Array(source.utf8), "t": Array(target.utf8)]) { (directory: String) throws in
      var request = ParallelRequest(kind: .files, paths: ["\(directory)/s", "\(directory)/t"])
      let splits = try request.load()
      #expect(splits.validation.count == 5 && splits.tests.isEmpty && splits.test == nil)
      // Every source stands there twice: the twins of the held-out ones are dropped.
      #expect(splits.training.count == 40 && splits.training.report.droppedCount(.heldOut) == 5)
      #expect(splits.training.report.kept == 40)
      let held = Set(splits.validation.pairs.map(\.source))
      #expect(held.count == 5 && splits.training.pairs.allSatisfy { !held.contains($0.source) })
      #expect(try request.load() == splits)
      request.counts.seed = 2
      #expect(try request.load().validation.pairs != splits.validation.pairs)
      request.counts.validation = 0
      #expect(try request.load().validation.isEmpty)
      request.counts.validation = 1_000
      request.validationPaths = request.paths
      request.testPaths = request.paths
      let own = try request.load()
      #expect(own.training.count == 50 && own.validation.count == 50 && own.test?.count == 50)
      #expect(own.lines.count { $0.contains("50 sources are in the training data too") } == 2)
    }
  }

  @Test func testDataIsNotLimited() throws {
    try TestFiles.with(["s": Array("a b c\na\n\n".utf8), "t": Array("a\na\na\n".utf8)]) { (directory: String) throws in
      let paths = ["\(directory)/s", "\(directory)/t"]
      let request = ParallelRequest(
        kind: .files, paths: paths, validationPaths: paths, testPaths: paths, limits: ParallelLimits(words: 2))
      let splits = try request.load()
      #expect(splits.parts.map(\.count) == [1, 1, 2])
    }
    // What is held out of a file is of the pairs that were kept.
    let sums = (0..<20).map { "\($0)+1_\($0 + 1)" } + ["123456+1_123457"]
    try TestFiles.with(["addition.txt": Array(sums.joined(separator: "\n").utf8)]) { (directory: String) throws in
      let request = ParallelRequest(
        kind: .addition, paths: ["\(directory)/addition.txt"], limits: ParallelLimits(characters: 6),
        counts: PairCounts(validation: 2, test: 10))
      let splits = try request.load()
      #expect(splits.test?.pairs.allSatisfy { $0.source.utf8.count <= 6 } == true)
      #expect(splits.training.report.droppedCount(.tooManyCharacters) == 1)
    }
  }

  @Test func languagesAreNamedTogether() {
    let both = ParallelRequest(kind: .files, sourceLanguage: "de", targetLanguage: "en")
    #expect(both.languages?.source == "de" && both.languages?.target == "en")
    #expect(ParallelRequest(kind: .files, sourceLanguage: "de").languages == nil)
  }

  @Test(
    .enabled(if: TestFiles.hasData("multi30k"), "Multi30k is not in the data folder (set ENSUE_DATA)"),
    arguments: Multi30kFormKind.allCases)
  func multi30k(_ form: Multi30kFormKind) throws {
    let splits = try ParallelRequest(kind: .multi30k, paths: [TestFiles.data("multi30k")], form: form).load()
    #expect(splits.training.count == 29_000 && splits.validation.count == 1_014)
    #expect(
      splits.tests.map(\.name) == [
        "multi30k test_2016_flickr", "multi30k test_2017_flickr", "multi30k test_2017_mscoco",
        "multi30k test_2018_flickr",
      ])
    #expect(splits.tests.map(\.count) == [1_000, 1_000, 461, 1_071])
    let first = splits.training.pairs[0]
    switch form {
    case .raw:
      #expect(first.source == "Zwei junge weiße Männer sind im Freien in der Nähe vieler Büsche.")
      #expect(first.target == "Two young, White males are outside near many bushes.")
    case .tok:
      #expect(first.source == "zwei junge weiße männer sind im freien in der nähe vieler büsche .")
      // README.md of the data counts the words of its own tokenised training text.
      let words = splits.training.pairs.reduce((0, 0)) {
        ($0.0 + $1.source.split(separator: " ").count, $0.1 + $1.target.split(separator: " ").count)
      }
      #expect(words == (360_706, 377_534))
    }
    #expect(splits.parts.allSatisfy { $0.report.droppedCount == 0 && $0.report.files.count == 2 })
    let back = try ParallelRequest(
      kind: .multi30k, paths: [TestFiles.data("multi30k")], sourceLanguage: "en", targetLanguage: "de", form: form
    ).load()
    #expect(back.training.pairs[0] == SentencePair(source: first.target, target: first.source))
  }

  @Test(.enabled(if: TestFiles.hasData("multi30k"), "Multi30k is not in the data folder (set ENSUE_DATA)"))
  func languagesThatAreNot() throws {
    func failure(_ source: String?, _ target: String?) throws -> Failure {
      try #require(throws: Failure.self) {
        _ = try ParallelRequest(
          kind: .multi30k, paths: [TestFiles.data("multi30k")], sourceLanguage: source, targetLanguage: target
        ).load()
      }
    }
    #expect(try failure("xx", nil).problem == "one of the languages de, en expected, found 'xx'")
    #expect(try failure(nil, "de").problem == "two different languages expected, found 'de' for both")
    #expect(try failure("", nil).kind == .usage)
  }

  @Test(.enabled(if: TestFiles.hasData("enja"), "The Tanaka corpus is not in the data folder (set ENSUE_DATA)"))
  func tanaka() throws {
    let splits = try ParallelRequest(kind: .tanaka, paths: [TestFiles.data("enja")]).load()
    #expect(splits.parts.map(\.count) == [50_000, 500, 500])
    #expect(splits.training.pairs[1].source == "many animals have been destroyed by men .")
    #expect(splits.training.pairs[1].target == "多く の 動物 が 人間 に よ っ て 滅ぼ さ れ た 。")
    let words = splits.training.pairs.reduce(0) { $0 + $1.source.split(separator: " ").count }
    #expect(words == 391_047)
  }

  @Test(.enabled(if: TestFiles.hasData("g2p-morph"), "The spelling data is not in the data folder (set ENSUE_DATA)"))
  func spelling() throws {
    let splits = try ParallelRequest(kind: .spelling, paths: [TestFiles.data("g2p-morph")]).load()
    #expect(splits.parts.map(\.count) == [9_000, 196])
    #expect(splits.training.pairs[0] == SentencePair(source: "s v u g d j e", target: "s ʋ u ɡ d j e"))
    #expect(splits.validation.pairs[195] == SentencePair(source: "к а м е н и", target: "k a m e n i"))
  }

  @Test(
    .enabled(if: TestFiles.hasData("toy-seq2seq"), "Dates and sums are not in the data folder (set ENSUE_DATA)"),
    arguments: [ParallelDatasetKind.dates, .addition])
  func fixedWidthFiles(_ kind: ParallelDatasetKind) throws {
    let request = ParallelRequest(kind: kind, paths: [TestFiles.data("toy-seq2seq")])
    let splits = try request.load()
    #expect(try request.load() == splits)
    #expect(splits.validation.count == 1_000 && splits.test?.count == 1_000)
    let training = Set(splits.training.pairs.map(\.source))
    for part in splits.parts.dropFirst() { #expect(part.pairs.allSatisfy { !training.contains($0.source) }) }
    #expect(splits.training.count + splits.training.report.droppedCount(.heldOut) == 48_000)
    for pair in splits.parts.flatMap(\.pairs) {
      switch kind {
      case .addition:
        let numbers = pair.source.split(separator: "+").map { Int($0) ?? -1 }
        #expect(numbers.count == 2 && Int(pair.target) == numbers.reduce(0, +))
      default: #expect(pair.target.utf8.count == 10 && pair.source.utf8.count <= 29)
      }
    }
    if kind == .addition { #expect(splits.training.count == 48_000) }
  }

  @Test func linesOfOneWidth() throws {
    let good = (0..<20).map { "\($0)+1   _\($0 + 1)  " }.joined(separator: "\n") + "\n\n"
    let files = ["addition.txt": Array(good.utf8), "bad.txt": Array("1+1_2\n1+1 2\n".utf8), "empty.txt": []]
    try TestFiles.with(files) { (directory: String) throws in
      var request = ParallelRequest(
        kind: .addition, paths: ["\(directory)/addition.txt"], counts: PairCounts(validation: 2, test: 3))
      let splits = try request.load()
      #expect(splits.parts.map(\.count) == [15, 2, 3] && splits.training.report.blankLines == 1)
      #expect(splits.parts.flatMap(\.pairs).contains(SentencePair(source: "7+1", target: "8")))
      request.counts.test = 18
      #expect(try TestFiles.failure { try request.load() }?.problem.contains("found 20") == true)
      request.paths = ["\(directory)/bad.txt"]
      let bad = try #require(throws: Failure.self) { try request.load() }
      #expect(bad.place.hasSuffix("bad.txt:2") && bad.problem.contains("found '1+1 2'"))
      request.paths = ["\(directory)/empty.txt"]
      #expect(try TestFiles.failure { try request.load() }?.problem.contains("an empty file") == true)
    }
  }

  @Test func foldersThatAreNot() throws {
    try TestFiles.with(["train.de": Array("a\n".utf8), "raw": Array("a\n".utf8)]) { (directory: String) throws in
      func failure(_ kind: ParallelDatasetKind, _ paths: [String]) throws -> Failure {
        try #require(throws: Failure.self) { _ = try ParallelRequest(kind: kind, paths: paths).load() }
      }
      #expect(try failure(.multi30k, [directory]).problem == "a folder expected, found a file")
      #expect(try failure(.tanaka, ["\(directory)/none"]).problem == "a folder expected, found nothing")
      #expect(try failure(.tanaka, [directory]).problem == "one of the languages de expected, found 'en'")
      #expect(try failure(.spelling, [directory]).place.hasSuffix("src.train"))
      for kind in [ParallelDatasetKind.multi30k, .tanaka, .spelling] {
        #expect(try failure(kind, []).kind == .usage)
        #expect(try failure(kind, [directory, directory]).kind == .usage)
      }
      #expect(try failure(.files, []).kind == .usage)
      for kind in [ParallelDatasetKind.reversal, .sorting] {
        #expect(try failure(kind, [directory]).problem.hasPrefix("no files for the data set"))
      }
      #expect(try failure(.dates, [directory]).place.hasSuffix("date.txt"))
      #expect(try failure(.dates, [directory, directory]).kind == .usage)
    }
  }

  @Test func languagesOfDataWithoutThem() throws {
    for kind in [ParallelDatasetKind.dates, .addition, .spelling, .reversal, .sorting] {
      let failure = try #require(throws: Failure.self) {
        _ = try ParallelRequest(kind: kind, sourceLanguage: "de").load()
      }
      #expect(failure.kind == .usage && failure.problem.hasPrefix("no language"))
    }
  }

  @Test func countsThatCannotBe() {
    for counts in [PairCounts(training: 0), PairCounts(validation: -1), PairCounts(test: Int.max)] {
      #expect(throws: Failure.self) { _ = try ParallelRequest(kind: .dates, counts: counts).load() }
    }
  }

  @Test func kindsSayWhatTheyAre() {
    for kind in ParallelDatasetKind.allCases { #expect(!kind.summary.isEmpty && !kind.usualLevel.rawValue.isEmpty) }
  }
}
