// The experiments on attention and Transformers, at tiny sizes.

import EnsueData
import EnsueEvaluation
import EnsueExperiments
import EnsueLayers
import EnsueReport
import EnsueTensor
import EnsueTraining
import Testing

@Suite struct AttentionZooTests {
  /// One pair at the quick size.
  private func outcome(
    _ score: AttentionScoreKind, _ distribution: AttentionDistributionKind
  ) throws -> AttentionZooOutcome {
    var experiment = AttentionZooExperiment(.quick)
    (experiment.scores, experiment.distributions) = ([score], [distribution])
    return try experiment.run(.silent)
  }

  @Test(arguments: [AttentionDistributionKind.softmax, .sparsemax, .entmax])
  func scaledDotFindsTheAlignment(_ distribution: AttentionDistributionKind) throws {
    let outcome = try outcome(.scaledDot, distribution)
    #expect(try #require(outcome.agreement(.scaledDot, distribution)).mean >= 0.99)
    #expect(try #require(outcome.accuracy(.scaledDot, distribution)).mean >= 0.99)
    let weights = try #require(outcome.trials.first).alignment.meanWeights
    for (step, row) in weights.enumerated() {
      #expect(row.indices.max { row[$0] < row[$1] } == weights.count - 1 - step)
      #expect(abs(row.reduce(0, +) - 1) < 1e-4)
    }
  }

  /// It does not look at the query: one alignment for all steps, of which one at most is right.
  @Test func featureBasedScoresCannotAlign() throws {
    let outcome = try outcome(.featureBased, .softmax)
    #expect(try #require(outcome.agreement(.featureBased, .softmax)).mean <= 0.3)
    #expect(try #require(outcome.accuracy(.featureBased, .softmax)).mean <= 0.5)
  }

  @Test func sparseDistributionsLeaveFewerWeights() throws {
    let softmax = try outcome(.scaledDot, .softmax).supportSize(.scaledDot, .softmax)
    let sparsemax = try outcome(.scaledDot, .sparsemax).supportSize(.scaledDot, .sparsemax)
    #expect(softmax?.mean == 8)
    #expect(try #require(sparsemax).mean < 4)
  }

  @Test func allPairsStandInTheTablesAndTheChart() throws {
    var experiment = AttentionZooExperiment(.quick)
    (experiment.training.stepLimit, experiment.training.validationCount, experiment.alignedCount) = (2, 4, 2)
    let report = try experiment.run(.silent).report
    let (scores, distributions) = (AttentionScoreKind.allCases, AttentionDistributionKind.allCases)
    let tables = report.parts.compactMap { part -> TextTable? in
      if case .table(let table, _) = part, table.columns.count == distributions.count + 1 { table } else { nil }
    }
    #expect(tables.count == 3)
    for table in tables {
      #expect(table.columns.dropFirst().map(\.title) == distributions.map(\.title))
      #expect(table.rows.map { $0[0] } == scores.map(\.title))
      #expect(table.rows.allSatisfy { $0.allSatisfy { !$0.isEmpty && $0 != "–" } })
    }
    let grids = report.parts.compactMap { part -> HeatMapGrid? in
      if case .chart(.heatMaps(let grid), _) = part { grid } else { nil }
    }
    #expect(grids.count == 1)
    #expect(grids.first?.maps.joined().compactMap(\.self).count == scores.count * distributions.count)
    checkReport(report, charts: 1, words: ["55 pairs", "CoDA", "Who guesses is right in"])
  }

  @Test func outcomesDoNotDependOnTheNumberOfThreads() throws {
    var experiment = AttentionZooExperiment(.quick)
    (experiment.scores, experiment.distributions) = ([.additive, .generalizedKernel], [.softmax, .coda])
    experiment.training.stepLimit = 20
    let trials = try [1, 2].map { count in
      try ThreadPool.$current.withValue(ThreadPool(threadCount: count)) { try experiment.run(.silent).trials }
    }
    #expect(trials[0].map(\.alignment) == trials[1].map(\.alignment))
    #expect(trials[0].map { $0.curve.last } == trials[1].map { $0.curve.last })
    #expect(trials[0].count == 4)
  }
}

@Suite struct WarmUpTests {
  @Test func shallowTransformersLearnHoweverTheyBegin() throws {
    var experiment = WarmUpExperiment(.quick)
    (experiment.layerCount, experiment.warmUps, experiment.length) = (1, WarmUpKind.allCases, 5)
    (experiment.training.stepLimit, experiment.warmUpSteps) = (150, 30)
    let outcome = try experiment.run(.silent)
    for norm in NormPlacementKind.allCases {
      for warmUp in WarmUpKind.allCases {
        #expect(try #require(outcome.lastAccuracy(norm, warmUp)).mean > 0.9, "\(norm) \(warmUp)")
        #expect(outcome.failedCount(norm, warmUp) == 0 && outcome.divergedCount(norm, warmUp) == 0)
      }
    }
    checkReport(
      outcome.report, charts: 6, words: ["Without a warm-up, post-norm ends with", "T-Fixup", "untuned exponential"])
    #expect(outcome.report.text(width: 10_000).contains("do not show that post-norm needs a warm-up more than"))
  }

  #if !DEBUG
    /// The standard size with one seed: some seconds where the code is optimised.
    @Test func deepPostNormFailsWithoutAWarmUpAndLearnsWithOne() throws {
      var experiment = WarmUpExperiment(.standard)
      (experiment.norms, experiment.warmUps, experiment.seedCount) = ([.post, .pre], [.none, .linear], 1)
      let outcome = try experiment.run(.silent)
      #expect(try #require(outcome.lastAccuracy(.post, .none)).mean < 0.3)
      for (norm, warmUp) in [(.post, .linear), (.pre, .none)] as [(NormPlacementKind, WarmUpKind)] {
        #expect(try #require(outcome.lastAccuracy(norm, warmUp)).mean > 0.95, "\(norm) \(warmUp)")
      }
      #expect(outcome.report.text(width: 10_000).contains("post-norm fails without a warm-up, where pre-norm learn"))
    }
  #endif

  /// A rate at which nothing can learn: counted, and said.
  @Test func failuresAreCounted() throws {
    var experiment = WarmUpExperiment(.quick)
    (experiment.layerCount, experiment.warmUps, experiment.norms) = (2, [.none, .linear], [.post, .none])
    (experiment.training.stepLimit, experiment.training.validationInterval) = (40, 10)
    experiment.training.optimizer.learningRate = 1e6
    let outcome = try experiment.run(.silent)
    for norm in [NormPlacementKind.post, .none] {
      #expect(outcome.failedCount(norm, .none) == 1)
      #expect(try #require(outcome.meanAccuracy(norm, .none)).mean < 0.3)
    }
    checkReport(outcome.report, charts: 4, words: ["1 never better than chance", "0 of 1 ever reached 90 %"])
  }

  /// A rate at which the second step leaves the numbers of 32 bits.
  @Test func divergedRunsAreCounted() throws {
    var experiment = WarmUpExperiment(.quick)
    (experiment.layerCount, experiment.warmUps, experiment.norms) = (1, [.none], [.none])
    (experiment.training.stepLimit, experiment.training.validationInterval) = (10, 5)
    experiment.training.optimizer.learningRate = 1e30
    let outcome = try experiment.run(.silent)
    #expect(outcome.divergedCount(.none, .none) == 1 && outcome.trials.count == 1)
    checkReport(outcome.report, charts: 2, words: ["1 diverged"])
  }

  @Test func outcomesDoNotDependOnTheNumberOfThreads() throws {
    var experiment = WarmUpExperiment(.quick)
    (experiment.layerCount, experiment.training.stepLimit, experiment.training.validationInterval) = (2, 12, 6)
    let curves = try [1, 2].map { count in
      try ThreadPool.$current.withValue(ThreadPool(threadCount: count)) {
        try experiment.run(.silent).trials.map { $0.curve.dropFirst().map { [$0.trainingLoss, $0.validationLoss] } }
      }
    }
    #expect(curves[0] == curves[1])
    #expect(Set(curves[0].map(\.description)).count == curves[0].count, "every way to begin goes its own way")
  }
}
