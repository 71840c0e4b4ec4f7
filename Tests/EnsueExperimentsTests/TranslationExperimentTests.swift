// The experiments with translation models at small sizes: the direction of their results, their reports, and that
// threads change nothing.

import EnsueData
import EnsueEvaluation
import EnsueExperiments
import EnsueModels
import EnsueTasks
import EnsueTensor
import Testing

@Suite struct TranslationExperimentTests {
  @Test func theFixedVectorFallsWithLength() throws {
    let outcome = try ContextVectorExperiment(.quick).run(.silent)
    for context in [ContextKind.initialState, .everyStep] {
      #expect(try #require(outcome.change(context)).mean < -3, "\(context)")
      // Symbols that are guessed are right once in eight.
      #expect(try #require(outcome.score(context, group: 0)).mean > 20, "\(context)")
      #expect(try #require(outcome.score(context)).mean < 60, "\(context)")
    }
    #expect(try #require(outcome.score(.bahdanau, group: outcome.groups.count - 1)).mean > 90)
    let longest = outcome.groups.count - 1
    for context in [ContextKind.initialState, .everyStep] {
      let (first, last) = (outcome.bleu(context, group: 0), outcome.bleu(context, group: longest))
      #expect(try #require(first).mean > #require(last).mean, "\(context)")
    }
    #expect(try #require(outcome.bleu(.bahdanau, group: longest)).mean > 50)
    #expect(outcome.trials.allSatisfy { $0.trainingLoss.isFinite && $0.scores.count == outcome.groups.count })
    #expect(outcome.pairCounts.reduce(0, +) == outcome.experiment.settings.data.counts.test)
    let words = ["initial-state", "bahdanau", "symbol accuracy", "BLEU by symbols of the source", "falls", "Adam"]
    checkReport(outcome.report, charts: 2, words: words)
  }

  @Test func contextVectorsDoNotDependOnThreads() throws {
    var experiment = ContextVectorExperiment(.quick)
    (experiment.stepLimit, experiment.settings.data.counts) = (3, PairCounts(training: 64, validation: 2, test: 40))
    experiment.settings.model.recurrent.hiddenSize = 8
    let trials = try [1, 2, 3].map { count in
      try ThreadPool.$current.withValue(ThreadPool(threadCount: count)) { try experiment.run(.silent).trials }
    }
    #expect(trials[0] == trials[1] && trials[0] == trials[2])
    #expect(trials[0].count == 3)
  }

  @Test func lengthsAreGrouped() {
    let even = LengthGroups(Array(4...15), count: 4, least: 1)
    #expect(even.ranges == [4...6, 7...9, 10...12, 13...15])
    // The few long ones join those below them, the few short ones those above.
    #expect(LengthGroups([1, 1, 1, 2, 2, 2, 3], count: 3, least: 2).ranges == [1...1, 2...3])
    #expect(LengthGroups([1, 2, 2, 2, 3, 3, 3], count: 3, least: 2).ranges == [1...2, 3...3])
    #expect(LengthGroups([5], count: 3, least: 9).ranges == [5...5])
    #expect(LengthGroups([], count: 3, least: 1).ranges.isEmpty)
    let gaps = LengthGroups([1, 9, 9, 30], count: 5, least: 1).ranges
    #expect(gaps.first?.lowerBound == 1 && gaps.last?.upperBound == 30)
    #expect(zip(gaps, gaps.dropFirst()).allSatisfy { $0.upperBound + 1 == $1.lowerBound })
  }
}
