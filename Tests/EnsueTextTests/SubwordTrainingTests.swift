// What holds for every trainer of subwords.

import EnsueFiles
import EnsueTestSupport
import EnsueText
import Testing

@Suite struct SubwordTrainingTests {
  private static let sample = """
    the cat sat on the mat and the cat ate the rat that sat on the mat
    a cat may look at a king, and a king may look at a cat!
    naïve café 猫 😀 2024 don't it's

    unbelievable believable believer believed unbelieving
    """

  private static func options(_ kind: SubwordTrainerKind, size: Int = 340) -> SubwordTrainingOptions {
    var options = SubwordTrainingOptions(kind)
    options.vocabularySize = size
    return options
  }

  private static func trained(
    _ options: SubwordTrainingOptions, _ texts: [String] = Array(repeating: sample, count: 3)
  ) throws -> (tokenizer: SubwordTokenizer, report: SubwordTrainingReport) {
    var trainer = try SubwordTrainer(options)
    for text in texts { trainer.add(Array((text + "\n").utf8)) }
    return try trainer.train()
  }

  @Test(arguments: SubwordTrainerKind.allCases)
  func theTokenizerReadsWhatItWasTrainedOn(_ kind: SubwordTrainerKind) throws {
    let (tokenizer, report) = try Self.trained(Self.options(kind))
    #expect(tokenizer.vocabularySize == report.vocabularySize && report.vocabularySize <= 340)
    #expect(report.words > report.distinctWords && report.distinctWords > (kind == .characters ? 3 : 20))
    for line in Self.sample.split(separator: "\n") {
      let ids = tokenizer.encode(String(line))
      #expect(ids.allSatisfy { 0..<report.vocabularySize ~= Int($0) })
      if let unknown = kind.requiredTokens.first(where: { $0.contains("UNK") || $0.contains("unk") }) {
        #expect(tokenizer.id(of: unknown).map { !ids.contains($0) } ?? false, "\(line)")
      }
      let joined = { (text: String) in text.filter { $0 != " " } }
      #expect(joined(tokenizer.decode(ids)) == joined(String(line)))
      if kind != .wordPiece { #expect(tokenizer.decode(ids) == String(line)) }
    }
  }

  @Test(arguments: SubwordTrainerKind.allCases)
  func specialTokensHaveTheFirstIds(_ kind: SubwordTrainerKind) throws {
    var options = Self.options(kind)
    options.specialTokens = ["<|endoftext|>", "<sep>"]
    let tokenizer = try Self.trained(options).tokenizer
    for (index, token) in (kind.requiredTokens + options.specialTokens).enumerated() {
      #expect(tokenizer.id(of: token) == Int32(index))
    }
    let ids = tokenizer.encode("the cat<|endoftext|>the cat")
    #expect(tokenizer.id(of: "<|endoftext|>").map { ids.contains($0) } ?? false)
  }

  @Test(arguments: SubwordTrainerKind.allCases)
  func lowerCasing(_ kind: SubwordTrainerKind) throws {
    var options = Self.options(kind)
    options.lowercases = true
    let tokenizer = try Self.trained(options).tokenizer
    #expect(tokenizer.encode("THE CAT") == tokenizer.encode("the cat"))
    options.lowercases = false
    let cased = try Self.trained(options).tokenizer
    #expect(cased.encode("THE CAT") != cased.encode("the cat"))
  }

  /// The order of the text and the pieces in which it comes change nothing but, through ties, never the file.
  @Test(arguments: SubwordTrainerKind.allCases)
  func theResultDependsOnCountsAlone(_ kind: SubwordTrainerKind) throws {
    let lines = Self.sample.split(separator: "\n").map(String.init)
    let first = try Self.trained(Self.options(kind), lines)
    let second = try Self.trained(Self.options(kind), lines.reversed())
    #expect(first.tokenizer.json == second.tokenizer.json)
    let whole = try Self.trained(Self.options(kind), [lines.joined(separator: "\n")])
    #expect(first.tokenizer.json == whole.tokenizer.json && first.report == whole.report)
  }

  @Test(arguments: SubwordTrainerKind.allCases)
  func whatIsWrittenIsRead(_ kind: SubwordTrainerKind) throws {
    let tokenizer = try Self.trained(Self.options(kind)).tokenizer
    let folder = try TemporaryFolder()
    let path = try folder.write(tokenizer.json.indented, to: "tokenizer.json")
    let again = try SubwordTokenizer(contentsOf: path)
    #expect(again.json == tokenizer.json)
    #expect(again.encode(Self.sample) == tokenizer.encode(Self.sample))
  }

  /// More pieces need fewer tokens for the text they come from. Of a few lines, unigrams would keep few pieces whatever
  /// is asked for.
  @Test(arguments: SubwordTrainerKind.ofPieces)
  func largerVocabulariesNeedFewerPieces(_ kind: SubwordTrainerKind) throws {
    let path = "\(SubwordTrainingGolden.folder)/tokenizer-training.txt"
    let novel = String(decoding: try InputFile.contents(of: path), as: UTF8.self)
    let reports = try [500, 800, 1100].map { try Self.trained(Self.options(kind, size: $0), [novel]).report }
    #expect(reports.map(\.vocabularySize) == [500, 800, 1100])
    let tokens = reports.map(\.tokens)
    #expect(tokens[0] > tokens[1] && tokens[1] > tokens[2], "\(tokens)")
  }

  @Test(arguments: SubwordTrainerKind.allCases)
  func theAlphabetCanBeLimited(_ kind: SubwordTrainerKind) throws {
    var options = Self.options(kind, size: 400)
    options.alphabetLimit = 20
    let (tokenizer, report) = try Self.trained(options)
    switch kind {
    case .bytePair: #expect(report.alphabetSize == 256)
    case .sentencePieceBytePair:
      #expect(report.alphabetSize == 276)
      #expect(tokenizer.decode(tokenizer.encode("猫")) == "猫")
    case .wordPiece, .unigram, .characters:
      #expect(report.alphabetSize == 20)
      #expect(tokenizer.id(of: "猫") == nil)
    case .words: #expect(report.alphabetSize == 0 && tokenizer.id(of: "猫") != nil)
    }
  }

  /// By frequency, then by bytes, as the library's WordLevelTrainer has them; rare ones are unknown.
  @Test func wordsAndCharactersAreTheMostFrequent() throws {
    var options = Self.options(.words, size: 5)
    let text = "b a c b\na d b\n"
    let words = try Self.trained(options, [text]).tokenizer
    #expect(["<unk>", "b", "a"].map { words.id(of: $0) } == [0, 1, 2] && words.vocabularySize == 3)
    #expect(words.encode("a  d\tb") == [2, 0, 1] && words.decode([2, 1]) == "a b")
    options.minimumFrequency = 1
    #expect(try Self.trained(options, [text]).tokenizer.encode("b a c d") == [1, 2, 3, 4])
    options.minimumFrequency = 4
    #expect { try Self.trained(options, [text]) } throws: {
      ($0 as? Failure)?.kind == .data && "\($0)".contains("at least 4 times")
    }
    let characters = try Self.trained(Self.options(.characters, size: 6), [text]).tokenizer
    // A space five times, a line's end and b three times, a twice; c and d once.
    #expect([" ", "\n", "b", "a"].map { characters.id(of: $0) } == [1, 2, 3, 4] && characters.vocabularySize == 5)
    #expect(characters.encode("ab\nc") == [4, 3, 2, 0] && characters.decode([4, 1, 3]) == "a b")
  }

  @Test(arguments: SubwordTrainerKind.allCases)
  func nothingToLearnFrom(_ kind: SubwordTrainerKind) throws {
    for texts in [[], [""]] {
      var trainer = try SubwordTrainer(Self.options(kind))
      for text in texts { trainer.add(Array(text.utf8)) }
      #expect { try trainer.train() } throws: { ($0 as? Failure)?.kind == .data && "\($0)".contains("one word") }
    }
    let size = SubwordTrainerKind.ofPieces.contains(kind) ? 8 : 1
    #expect { try Self.trained(Self.options(kind, size: size)) } throws: {
      ($0 as? Failure)?.kind == .configuration && "\($0)".contains("a vocabulary of at least")
    }
  }

  /// A little text gives what it has.
  @Test(arguments: SubwordTrainerKind.allCases)
  func oneWord(_ kind: SubwordTrainerKind) throws {
    let (tokenizer, report) = try Self.trained(Self.options(kind, size: 1000), ["a", "a"])
    #expect(report.words >= 1 && report.vocabularySize < 300)
    #expect(tokenizer.decode(tokenizer.encode("a")) == "a")
  }

  @Test func settingsThatCannotBe() {
    let wrong: [(SubwordTrainingOptions) -> SubwordTrainingOptions] = [
      { Self.changed($0) { $0.vocabularySize = 0 } }, { Self.changed($0) { $0.vocabularySize = 1 << 30 } },
      { Self.changed($0) { $0.minimumFrequency = 0 } }, { Self.changed($0) { $0.alphabetLimit = 0 } },
      { Self.changed($0) { $0.longestPiece = 0 } }, { Self.changed($0) { $0.seedCount = 0 } },
      { Self.changed($0) { $0.specialTokens = [""] } }, { Self.changed($0) { $0.specialTokens = ["a", "b", "a"] } },
    ]
    for change in wrong {
      #expect { try SubwordTrainer(change(SubwordTrainingOptions(.bytePair))) } throws: {
        ($0 as? Failure)?.kind == .configuration
      }
    }
  }

  private static func changed(
    _ options: SubwordTrainingOptions, _ change: (inout SubwordTrainingOptions) -> Void
  ) -> SubwordTrainingOptions {
    var options = options
    change(&options)
    return options
  }

  /// A megabyte of one character is a word cut into parts, and takes seconds at most.
  @Test(arguments: SubwordTrainerKind.allCases)
  func aMegabyteOfOneCharacter(_ kind: SubwordTrainerKind) throws {
    let text = [String(repeating: "a", count: 1 << 20), String(repeating: "é", count: 1 << 19)]
    let seconds = try threadSeconds(until: 20) {
      let (_, report) = try Self.trained(Self.options(kind, size: 400), text)
      #expect(report.cutWords > 0)
    }
    #expect(seconds < 20)
  }

  @Test func trainingCanBeStopped() throws {
    struct Stop: Error {}
    for kind in SubwordTrainerKind.ofPieces {
      var trainer = try SubwordTrainer(Self.options(kind, size: 1000))
      for _ in 0..<2 {
        trainer.add(Array(((0..<3000).map { "w\($0 * 7919 % 3001)x" }.joined(separator: " ")).utf8))
      }
      #expect(throws: Stop.self) { try trainer.train { _ in throw Stop() } }
    }
  }
}
