// The experiment with mini-batches at a small size.

import EnsueData
import EnsueExperiments
import EnsueModels
import EnsueTasks
import EnsueTensor
import Foundation
import Testing

@Suite struct MiniBatchExperimentTests {
  @Test func everyWayLearns() throws {
    let outcome = try MiniBatchExperiment(.quick).run(.silent)
    #expect(outcome.trials.count == BatchStrategyKind.allCases.count * BatchUnitKind.allCases.count)
    for trial in outcome.trials {
      #expect(trial.looks.map(\.step) == [20, 40, 60])
      let (first, last) = (try #require(trial.looks.first), try #require(trial.looks.last))
      // Less than who guesses among ten digits and the end, and less than before.
      #expect(last.loss < log(11) && last.loss < first.loss, "\(trial.way)")
      #expect(first.seconds > 0 && last.seconds > first.seconds && last.symbolCount > first.symbolCount)
      #expect((0...100).contains(last.score))
    }
    checkReport(outcome.report, charts: 2, words: ["target-source", "sentences", "words", "exact match", "Padding"])
  }

  @Test func sortingSparesPaddingAndWordsEvenBatches() throws {
    var experiment = MiniBatchExperiment(.quick)
    (experiment.stepLimit, experiment.interval) = (1, 1)
    let shapes = try experiment.run(.silent).shapes
    func shape(_ strategy: BatchStrategyKind, _ unit: BatchUnitKind) throws -> MiniBatchShape {
      try #require(shapes[MiniBatchWay(strategy: strategy, unit: unit)])
    }
    for unit in BatchUnitKind.allCases {
      let shuffled = try shape(.shuffle, unit).padding
      for strategy in BatchStrategyKind.allCases where strategy != .shuffle {
        #expect(try shape(strategy, unit).padding < shuffled, "\(strategy) \(unit)")
      }
      #expect(try shape(.sourceTarget, unit).padding < 0.05)
    }
    for strategy in [BatchStrategyKind.target, .targetSource] {
      #expect(try shape(strategy, .words).variation < shape(strategy, .sentences).variation)
    }
  }

  @Test func batchesDoNotDependOnThreads() throws {
    var experiment = MiniBatchExperiment(.quick)
    (experiment.stepLimit, experiment.interval, experiment.strategies) = (3, 1, [.shuffle, .targetSource])
    experiment.settings.data.counts = PairCounts(training: 64, validation: 2, test: 20)
    experiment.settings.model.recurrent.hiddenSize = 8
    // Everything but the seconds.
    let losses = try [1, 2].map { count in
      try ThreadPool.$current.withValue(ThreadPool(threadCount: count)) {
        try experiment.run(.silent).trials.map { $0.looks.flatMap { [$0.loss, $0.score, Double($0.symbolCount)] } }
      }
    }
    #expect(losses[0] == losses[1])
  }
}
