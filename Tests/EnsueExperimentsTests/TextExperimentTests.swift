// The experiments with generated texts at small sizes: the direction of their results, their reports, and that threads
// change nothing.

import EnsueData
import EnsueEvaluation
import EnsueExperiments
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Foundation
import Testing

@Suite struct TextExperimentTests {
  @Test func anLSTMLearnsTheRulesOfLevels() throws {
    let outcome = try LevelsExperiment(.quick).run(.silent)
    let lstm = try #require(outcome.trials.first { $0.cell == .lstm })
    let (first, last) = (try #require(lstm.looks.first), try #require(lstm.looks.last))
    #expect(first.validShare == 0 && (first.ruleShares[.shape] ?? 1) < 0.1)
    #expect(last.validShare > 0.1, "\(last)")
    #expect((last.ruleShares[.shape] ?? 0) > 0.45, "\(last)")
    #expect(last.trainingLoss < 0.16, "\(last)")
    #expect(lstm.samples.count == 64 && Set(lstm.samples).count > 32)
    #expect(lstm.samples.count { TextTaskKind.levels.isValid($0) } == Int((last.validShare * 64).rounded()))
    checkReport(outcome.report, charts: 2, words: ["LSTM", "platforms", "Levels that keep every rule", "shape"])
    #expect(outcome.report.html.contains("<pre>"))
  }

  @Test func levelsDoNotDependOnThreads() throws {
    var experiment = LevelsExperiment(.quick)
    (experiment.hiddenSize, experiment.stepLimit, experiment.sampleInterval) = (16, 6, 3)
    (experiment.sampleCount, experiment.batchSize) = (5, 3)
    // A NaN before the first step is not equal to itself.
    let texts = try [1, 2].map { count in
      try ThreadPool.$current.withValue(ThreadPool(threadCount: count)) {
        let trials = try experiment.run(.silent).trials
        return trials.map { "\($0.samples) \($0.looks)" }
      }
    }
    #expect(texts[0] == texts[1])
    #expect(texts[0].count == 2)
  }

  @Test func lossFallsWithSizeAndContext() throws {
    var experiment = ContextExperiment(.quick)
    (experiment.widths, experiment.stepLimit, experiment.contextLength) = ([8, 32], 150, 96)
    let outcome = try experiment.run(.silent)
    for family in ContextFamily.allCases {
      let narrow = try #require(outcome.loss(family, width: 8)).mean
      let wide = try #require(outcome.loss(family, width: 32)).mean
      #expect(wide < narrow - 0.05, "\(family)")
      #expect(narrow < log(80), "\(family)")
      let early = try #require(outcome.loss(family, width: 32, at: 0..<4)).mean
      let late = try #require(outcome.loss(family, width: 32, at: 48..<96)).mean
      #expect(late < early - 0.1, "\(family)")
      #expect(try #require(outcome.sizeExponent(family)).mean > 0)
      #expect(outcome.positionExponent(family, width: 32)?.mean.isFinite == true)
    }
    let sizes = outcome.trials.map(\.innerParameterCount)
    // 16 d² + 8 d of an LSTM of two layers; 24 d² and small vectors of a Transformer.
    #expect(sizes.contains(16 * 32 * 32 + 8 * 32))
    #expect(sizes.contains { 24 * 32 * 32..<30 * 32 * 32 ~= $0 })
    checkReport(
      outcome.report, charts: 2, words: ["Transformer", "first 8", "last quarter", "generated pages", "least squares"])
  }

  @Test func contextDoesNotDependOnThreads() throws {
    var experiment = ContextExperiment(.quick)
    (experiment.widths, experiment.stepLimit, experiment.contextLength) = ([8], 3, 24)
    let trials = try [1, 2, 3].map { count in
      try ThreadPool.$current.withValue(ThreadPool(threadCount: count)) { try experiment.run(.silent).trials }
    }
    #expect(trials[0] == trials[1] && trials[0] == trials[2])
  }

  @Test func textsOfOnesOwn() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("context-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: file) }
    try String(repeating: "the cat sat on the mat. ", count: 200).write(to: file, atomically: true, encoding: .utf8)
    var experiment = ContextExperiment(.quick, text: .file(file.path))
    (experiment.widths, experiment.stepLimit, experiment.contextLength) = ([16], 60, 32)
    experiment.validationCount = 8
    let outcome = try experiment.run(.silent)
    // Less than who guesses among eleven characters.
    for family in ContextFamily.allCases { #expect(try #require(outcome.loss(family, width: 16)).mean < 2.35) }
    #expect(outcome.report.text(width: 200).contains(file.path))
    experiment.contextLength = 2000
    #expect(throws: (any Error).self) { try experiment.run(.silent) }
  }

  @Test func powerLaws() throws {
    let law = try #require(PowerLaw([1, 2, 4, 8, 100].map { (x: $0, y: 3 * pow($0, -0.25)) }))
    #expect(abs(law.exponent - 0.25) < 1e-12 && abs(law(16) - 1.5) < 1e-12)
    #expect(PowerLaw([(x: 1, y: 1)]) == nil)
    #expect(PowerLaw([(x: 2, y: 1), (x: 2, y: 3)]) == nil)
    #expect(PowerLaw([(x: 2, y: 1), (x: 3, y: .nan)]) == nil)
  }
}
