// The experiment with scheduled sampling at a small size.

import EnsueData
import EnsueEvaluation
import EnsueExperiments
import EnsueModels
import EnsueTasks
import EnsueTensor
import Foundation
import Testing

@Suite struct SamplingExperimentTests {
  @Test func everyWayLearnsToAdd() throws {
    let outcome = try SamplingExperiment(.quick).run(.silent)
    #expect(outcome.trials.count == 4)
    for decay in [nil] + SamplingDecayKind.allCases.map(Optional.some) {
      // Less than who guesses among ten digits and the end.
      #expect(try #require(outcome.loss(decay)).mean < log(11), "\(String(describing: decay))")
    }
    checkReport(
      outcome.report, charts: 2, words: ["teacher forcing", "inverse-sigmoid", "exact match", "With one seed"])
  }

  @Test(arguments: SamplingDecayKind.allCases) func everyDecayIsOneHalfHalfWay(_ decay: SamplingDecayKind) throws {
    for stepLimit in [20, 200, 3000] {
      var experiment = SamplingExperiment(.quick)
      experiment.stepLimit = stepLimit
      let schedule = experiment.schedule(decay)
      try schedule.check()
      #expect(abs(schedule.trueShare(step: stepLimit / 2) - 0.5) < 1e-6, "\(stepLimit)")
      #expect(schedule.trueShare(step: 0) > 0.7)
      #expect(schedule.trueShare(step: stepLimit) < 0.3)
    }
  }

  @Test func samplingDoesNotDependOnThreads() throws {
    var experiment = SamplingExperiment(.quick)
    (experiment.stepLimit, experiment.settings.data.counts) = (3, PairCounts(training: 64, validation: 2, test: 20))
    experiment.settings.model.recurrent.hiddenSize = 8
    let trials = try [1, 2].map { count in
      try ThreadPool.$current.withValue(ThreadPool(threadCount: count)) { try experiment.run(.silent).trials }
    }
    #expect(trials[0] == trials[1])
  }
}
