// MR and SemEval-2017 4A as they are, and the cleaning of tweets.

import EnsueData
import EnsueFiles
import Testing

@Suite struct RealDataTests {
  @Test(.enabled(if: TestFiles.hasData("slp-labs/MR"), "MR is not in the data folder (set ENSUE_DATA)"))
  func movieReviews() throws {
    let splits = try DatasetRequest(kind: .mr, paths: [TestFiles.data("slp-labs/MR")]).load()
    #expect(splits.labels == ["negative", "positive"])
    #expect(splits.training.classBalance.counts == [4_000, 4_000])
    #expect(splits.validation.classBalance.counts == [1_000, 1_000])
    let test = try #require(splits.test)
    #expect(test.classBalance.counts == [331, 331])
    #expect(test.examples[0].line == 5_001)
    let everything = DataSplits(
      training: splits.training, validation: splits.validation, test: test
    ).parts.reduce(0) { $0 + $1.count }
    #expect(everything == 10_662)
    #expect(splits.training.report.rows == 10_662 && splits.training.report.files.count == 2)
  }

  @Test(
    .enabled(if: TestFiles.hasData("slp-labs/Semeval2017A"), "SemEval-2017 is not in the data folder (set ENSUE_DATA)"))
  func tweetsEqualPython() throws {
    let golden = try #require(try JSONValue.contents(of: TestFiles.golden("semeval.json")).objectValue)
    let data = try Tweets.load(from: TestFiles.data("slp-labs/Semeval2017A"))
    for (part, name) in [(data.training, "training"), (data.test, "test")] {
      let expected = try #require(golden[name]?.objectValue)
      #expect(part.count == expected["count"]?.integerValue)
      let labels = try #require(expected["labels"]?.objectValue)
      #expect(part.classBalance.counts == part.labels.map { labels[$0]?.integerValue })
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for example in part.examples {
        for byte in "\(part.labels[example.label])\t\(example.text)\n".utf8 {
          hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
      }
      #expect(hash == UInt64(expected["hash"]?.stringValue ?? "", radix: 16))
    }
    #expect(data.training.count == 49_570 && data.test.count == 12_284)
    #expect(data.training.report.rows == 50_334)
    #expect(data.training.report.replacedDuplicates == 764)
    #expect(data.training.report.ignoredFields == 10)
  }

  @Test(.enabled(if: TestFiles.hasData("sentiment/SST2"), "SST-2 is not in the data folder (set ENSUE_DATA)"))
  func otherFiles() throws {
    let columns = ReadingOptions(textColumn: .number(3), labelColumn: .number(1))
    let sets: [(String, ReadingOptions, Int, Int)] = [
      ("sentiment/SST2/train.tsv", ReadingOptions(), 6_920, 2), ("sentiment/SST2/test.tsv", ReadingOptions(), 1_821, 2),
      ("sentiment/yelp_labelled/yelp_labelled.txt", ReadingOptions(format: .tsv), 1_001, 2),
      ("sentiment/sent-conv/stsa.fine.train", ReadingOptions(format: .labelFirst), 8_544, 5),
      ("sentiment/sent-conv/TREC.train.all", ReadingOptions(format: .labelFirst, encoding: .latin1), 5_452, 6),
      ("sentiment/ag_news/test.csv", columns, 7_600, 4),
      ("sentiment/movie_reviews/movie_reviews.tsv", columns, 2_000, 2),
    ]
    for (path, options, rows, classes) in sets {
      let data = try LabelledDataset.read([TestFiles.data(path)], name: path, options: options)
      #expect(data.count == rows && data.labels.count == classes, "\(path)")
    }
  }

  @Test(arguments: [
    ("Plus\\u002c it\\u2019s", "Plus, it\u{2019}s"), ("\\o/ \\m/ \\u12 \\ud800 x", "\\o/ \\m/ \\u12 \\ud800 x"),
    ("\\ud83d\\ude00", "\u{1F600}"), ("\"all of it\"", "all of it"), ("\"a\" and \"b\"", "\"a\" and \"b\""),
    ("\"said \\\"\"yes\\\"\" to it\"", "said \"yes\" to it"), ("\"\\\"\"x\\\"\" y\"", "\"x\" y"),
    ("a \"\"b\"\"", "a \"b\""),
    ("\"", "\""), ("a &amp;amp;amp; b", "a & b"), ("&lt;3 &#039;x&#39; &#x2764; &#8211;", "<3 'x' \u{2764} \u{2013}"),
    ("Q&A AT&T &Blue; &nothing &#; &#x; &#xD800; &#7;", "Q&A AT&T &Blue; &nothing &#; &#x; &#xD800; &#7;"),
    ("a&nbsp; b\u{A0}\t c ", "a b c"), ("&#99999999;", "&#99999999;"), ("&amp;lt;", "<"),
  ])
  func cleaning(_ tweet: String, _ expected: String) {
    #expect(TweetCleaning.cleaned(Array(tweet.utf8)) == Array(expected.utf8))
  }

  @Test func treeOfTweets() throws {
    let row = { (text: String) in Array(text.utf8) }
    let files = [
      "train_dev/b.tsv": row("1\tpositive\tnew\n"), "train_dev/a/z.txt": row("1\tnegative\told\n2\tneutral\tc\n"),
      "train_dev/README.txt": row("read me\n"), "train_dev/.hidden.tsv": row("x\n"),
      "gold/g.txt": row("1\tneutral\tgold\n"),
    ]
    try TestFiles.with(files) { directory in
      let data = try Tweets.load(from: directory)
      #expect(data.training.examples.map(\.text) == ["new", "c"])
      #expect(data.training.report.replacedDuplicates == 1 && data.training.report.files.count == 2)
      #expect(data.test.examples.map(\.text) == ["gold"])
    }
  }

  @Test func foldersThatAreNot() throws {
    try TestFiles.with(["rt-polarity.pos": Array("a\n".utf8), "rt-polarity.neg": Array("b\n".utf8)]) { directory in
      let few = try #require(throws: Failure.self) { _ = try MovieReviews.load(from: directory) }
      #expect(few.problem == "more than 5000 sentences expected, found 1")
      let none = try #require(throws: Failure.self) { _ = try Tweets.load(from: directory) }
      #expect(none.kind == .missing && none.place.hasSuffix("train_dev"))
    }
  }
}
