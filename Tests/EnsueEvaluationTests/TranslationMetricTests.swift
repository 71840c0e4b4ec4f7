// What holds for every measure of translation, whatever the texts; and the scanners against Unicode's classes.

import EnsueEvaluation
import EnsueFiles
import Testing

@Suite struct TranslationMetricTests {
  static let lines = ["The cat sat on the mat.", "Ein Haus, zwei Häuser", "", "καλημέρα κόσμε!", "我喜欢吃苹果。"]

  /// Errors are 0 and all else 100: BLEU with one order, as lines of one word have no longer n-gram.
  @Test(arguments: TranslationMetricKind.allCases) func aTranslationEqualToItsReferenceIsPerfect(
    _ kind: TranslationMetricKind
  ) throws {
    let score = try kind.score(TranslationMetricTests.lines, TranslationReferences(TranslationMetricTests.lines))
    #expect(abs(score.value - (kind.higherIsBetter ? 100 : 0)) < 1e-9, "\(score)")
    #expect(score.metric == kind)
    let worse = try kind.score(
      TranslationMetricTests.lines.map { "x " + $0 }, TranslationReferences(TranslationMetricTests.lines))
    #expect(kind.isBetter(score.value, than: worse.value) && !kind.isBetter(worse.value, than: score.value))
    #expect(kind.isBetter(worse.value, than: .nan) && !kind.isBetter(.nan, than: worse.value))
  }

  @Test(arguments: TranslationMetricKind.allCases) func theSignatureSaysOptionsAndVersion(
    _ kind: TranslationMetricKind
  ) throws {
    var options = TranslationMetricOptions()
    options.lowercase()
    let references = try TranslationReferences(lines: [["a", "b"], ["c"]])
    let signature = try kind.score(["A", "C"], references, options: options).signature
    #expect(signature.hasPrefix("nrefs:var|case:lc"))
    #expect(signature.hasSuffix("|version:ensue-\(ensueVersion)"))
  }

  @Test func anOrderThatSacreBLEUHasNoNameForIsSaid() throws {
    var bleu = BLEU()
    bleu.maximumOrder = 2
    #expect(bleu.signature(referenceCount: 1).contains("|smooth:exp|order:2|version:"))
  }

  @Test(arguments: TranslationMetricKind.allCases) func jsonHasTheWholeScore(_ kind: TranslationMetricKind) throws {
    let score = try kind.score(["a b c"], TranslationReferences(["a b d"]))
    let object = try #require(score.json.objectValue)
    #expect(object["score"]?.doubleValue == score.value)
    #expect(object["signature"]?.stringValue == score.signature)
    #expect(object["metric"]?.stringValue == kind.rawValue)
  }

  @Test(arguments: TranslationMetricKind.allCases) func whatCannotBeScoredIsRefused(_ kind: TranslationMetricKind) {
    #expect(throws: Failure.self) { try kind.score([], TranslationReferences([])) }
    #expect(throws: Failure.self) { try kind.score(["a", "b"], TranslationReferences(["a"])) }
    #expect(throws: Failure.self) { try TranslationReferences(lines: [["a"], []]) }
    #expect(throws: Failure.self) { try TranslationReferences(translations: [["a", "b"], ["a"]]) }
    #expect(throws: Failure.self) { try TranslationReferences(translations: [["a", nil], ["a", nil]]) }
  }

  @Test func optionsWithoutMeaningAreRefused() {
    let references = TranslationReferences(["a"])
    for order in [0, 65] {
      var bleu = BLEU()
      bleu.maximumOrder = order
      #expect(throws: Failure.self) { try bleu.score(["a"], references) }
    }
    var none = CharacterFScore()
    none.characterOrder = 0
    #expect(throws: Failure.self) { try none.score(["a"], references) }
  }

  /// 5,000 words, for which a matrix would have 25 million cells.
  @Test(.timeLimit(.minutes(1)), arguments: TranslationMetricKind.allCases) func aLongLineNeedsNoMatrix(
    _ kind: TranslationMetricKind
  ) throws {
    let words = (0..<5_000).map { "w\($0 * 7919 % 3001)" }
    let moved = words[5...] + words[..<5]
    let score = try kind.score(
      [moved.joined(separator: " ")], TranslationReferences([words.joined(separator: " ")]))
    switch kind {
    case .bleu, .chrf, .chrfPlusPlus: #expect(score.value > 99)
    case .ter, .wordErrorRate, .characterErrorRate: #expect(score.value > 0 && score.value < 1, "\(score)")
    case .exactMatch: #expect(score.value == 0)
    }
  }

  @Test func theClassesOfScalarsAreThoseOfTheOtherProgram() throws {
    let expected = try #require(TranslationGolden.object?["unicode"]?.objectValue)
    let scalars = (UInt32(0)..<0x110000).compactMap { Unicode.Scalar($0) }.filter { scalar in
      scalar.properties.generalCategory != .unassigned && (scalar.properties.age?.major ?? 99) <= 14
    }
    // A scalar is white space when it is a word boundary to BLEU, and a sign when international words split at it.
    var bleu = BLEU()
    bleu.maximumOrder = 1
    let count = { (tokenization: TranslationTokenizationKind, text: String) in
      bleu.tokenization = tokenization
      return bleu.statistics(of: text, against: [""]).hypothesisLength
    }
    let digest = { (isChosen: (Unicode.Scalar) -> Bool) in
      TranslationGolden.digest(scalars.filter { isChosen($0) }.map { UInt64($0.value) })
    }
    #expect(digest { count(.none, "\($0)") == 0 } == expected["space"]?.stringValue)
    // "1✓1" is three words with a symbol, one with punctuation; "x.1" is three words with either.
    let isSymbol = { (scalar: Unicode.Scalar) in count(.international, "1\(scalar)1") == 3 }
    #expect(digest(isSymbol) == expected["symbol"]?.stringValue)
    let isPunctuation = { (scalar: Unicode.Scalar) in count(.international, "x\(scalar)1") == 3 && !isSymbol(scalar) }
    #expect(digest(isPunctuation) == expected["punctuation"]?.stringValue)
    // "?" and what follows are apart unless that is a number.
    let isNumber = { (scalar: Unicode.Scalar) in
      count(.international, "1?\(scalar)") == 1 && count(.none, "\(scalar)") == 1
    }
    #expect(digest(isNumber) == expected["number"]?.stringValue)
  }

  @Test func smallLettersAreThoseOfTheOtherProgram() throws {
    let expected = try #require(TranslationGolden.object?["unicode"]?.objectValue)
    let scalars = (UInt32(0)..<0x110000).compactMap { Unicode.Scalar($0) }.filter { scalar in
      scalar.properties.generalCategory != .unassigned && (scalar.properties.age?.major ?? 99) <= 14
    }
    let digest = TranslationGolden.digest(
      scalars.lazy.flatMap { scalar in scalar.properties.lowercaseMapping.unicodeScalars.map { UInt64($0.value) } })
    #expect(digest == expected["lower"]?.stringValue)
  }
}
