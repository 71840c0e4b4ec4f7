// Measures of translation against sacreBLEU: Tests/Goldens/translation-metrics.py made the numbers.

import EnsueEvaluation
import EnsueFiles
import Testing

@Suite("measures of translation equal sacreBLEU's")
struct TranslationGoldenTests {
  @Test func theGoldenFileIsThere() throws {
    #expect(TranslationCorpus.all.count == 220)
    let metrics = try TranslationGolden.metrics()
    #expect(metrics.count == 50)
    let tokenizations = Set(metrics.compactMap { ($0 as? BLEU)?.tokenization })
    #expect(tokenizations.count == TranslationTokenizationKind.allCases.count)
    #expect(Set(metrics.compactMap { ($0 as? BLEU)?.smoothing.kind }).count == BLEUSmoothingKind.allCases.count)
  }

  @Test("every figure to 1e-9 and every printed line", arguments: TranslationCorpus.all)
  func corpus(_ corpus: TranslationCorpus) throws {
    let rows = try TranslationGolden.array("scores")
    let expected = try #require(rows[corpus.index].arrayValue)
    let metrics = try TranslationGolden.metrics()
    try #require(expected.count == metrics.count)
    let scores = try metrics.map { try $0.score(corpus.hypotheses, corpus.references) }
    for (score, value) in zip(scores, expected) {
      let figures = try #require(value.arrayValue).compactMap(\.doubleValue)
      try #require(figures.count == score.figures.count, "\(score)")
      for (index, (figure, golden)) in zip(score.figures, figures).enumerated() {
        let isNear = abs(figure - golden) <= 1e-9 * max(abs(golden), 1e-3)
        #expect(isNear, "\(score), figure \(index): \(figure), \(golden)")
      }
    }
    let digest = try TranslationGolden.array("lines")[corpus.index].stringValue
    let lines = scores.map(\.lineWithoutVersion).joined(separator: "\n")
    #expect(TranslationGolden.digest(lines.utf8.lazy.map { UInt64($0) }) == digest, "\(lines)")
  }

  @Test("a line by itself", arguments: TranslationCorpus.all)
  func sentence(_ corpus: TranslationCorpus) throws {
    let rows = try TranslationGolden.array("sentences")
    let expected = try #require(rows[corpus.index].arrayValue).compactMap(\.stringValue)
    let references = try TranslationReferences(lines: [corpus.references.lines[0]])
    for (kind, line) in zip([TranslationMetricKind.bleu, .bleu, .chrf, .chrfPlusPlus], expected) {
      var options = TranslationMetricOptions()
      options.bleu.usesEffectiveOrder = kind == .bleu
      let metric = kind.metric(options)
      #expect(try metric.score([corpus.hypotheses[0]], references).lineWithoutVersion == line)
      #expect(try metric.sentenceScores([corpus.hypotheses[0]], references).map(\.lineWithoutVersion) == [line])
    }
    #expect(expected.count == 4)
  }

  @Test("error rates and exact match by the textbook's matrix", arguments: TranslationCorpus.all)
  func plain(_ corpus: TranslationCorpus) throws {
    for (lowercases, expected) in zip([false, true], corpus.plain) {
      var options = TranslationMetricOptions()
      if lowercases { options.lowercase() }
      let score = { (kind: TranslationMetricKind) in
        try kind.score(corpus.hypotheses, corpus.references, options: options).figures.dropFirst()
      }
      #expect(try score(.wordErrorRate).map { Int($0) } == Array(expected[0..<2]))
      #expect(try score(.characterErrorRate).map { Int($0) } == Array(expected[2..<4]))
      #expect(try score(.exactMatch).map { Int($0) } == [expected[4]])
    }
  }
}
