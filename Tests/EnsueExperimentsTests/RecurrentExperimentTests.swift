// Each experiment at its quick size: the direction of its result, and its report.

import EnsueData
import EnsueEvaluation
import EnsueExperiments
import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct RecurrentExperimentTests {
  @Test func oneUnitLatchesOverShortTimesOnly() throws {
    let outcome = try LatchExperiment(.quick).run(.silent)
    #expect(outcome.successRate(.unit, length: 10) >= 0.8)
    #expect(outcome.successRate(.unit, length: 60) <= 0.2)
    for learner in [LatchLearner.lstm, .gru] { #expect(outcome.successRate(learner, length: 60) >= 0.8) }
    checkReport(outcome.report, charts: 2, words: ["One tanh unit", "T = 60", "The LSTM"])
  }

  @Test func trialsDoNotDependOnTheNumberOfThreads() throws {
    var experiment = LatchExperiment(.quick)
    (experiment.trialCount, experiment.training.stepLimit) = (2, 60)
    let trials = try [1, 2, 3].map { count in
      try ThreadPool.$current.withValue(ThreadPool(threadCount: count)) { try experiment.run(.silent).trials }
    }
    #expect(trials[0] == trials[1])
    #expect(trials[0] == trials[2])
  }

  @Test func gradientsVanishOrExplodeAndClippingHelps() throws {
    let outcome = try GradientNormExperiment(.quick).run(.silent)
    let distance = outcome.experiment.length - 1
    func logarithm(_ subject: GradientNormSubject) throws -> Double {
      try #require(outcome.logarithm(subject, distance: distance)).mean
    }
    #expect(try logarithm(.rnn) < -0.5)
    #expect(try logarithm(.gru) < -2)
    #expect(try logarithm(.lstm) > logarithm(.gru))
    #expect(try logarithm(.rnnLarge) > 0.3)
    #expect(outcome.logarithm(.rnn, distance: 0)?.mean == 0)
    func divergedCount(clips: Bool) -> Int { outcome.clipping.count { $0.clips == clips && $0.divergedStep != nil } }
    #expect(divergedCount(clips: true) == 0)
    #expect(divergedCount(clips: false) > 0)
    checkReport(outcome.report, charts: 3, words: ["explode", "vanish", "with clipping", "diverged"])
  }

  @Test func anLSTMWithoutInputGateAddsWorse() throws {
    let outcome = try OdysseyExperiment(.quick).run(.silent)
    let standard = try #require(outcome.loss(.lstmPeephole, .adding)).mean
    let without = try #require(outcome.loss(.lstmNoInputGate, .adding)).mean
    #expect(without > 1.5 * standard)
    #expect(standard < 1.0 / 6)
    #expect(outcome.relativeLoss(.lstmPeephole) == 1)
    checkReport(outcome.report, charts: 6, words: ["LSTM NIG", "generated chorales", "costs most"])
  }

  @Test func dropoutNarrowsTheGapBetweenTrainingAndValidation() throws {
    let outcome = try RegularizerExperiment(.quick).run(.silent)
    func gap(_ kind: RegularizerKind) throws -> Double {
      let (training, validation) = outcome.lastLosses(kind)
      return try #require(validation).mean - (try #require(training).mean)
    }
    #expect(try gap(.none) > 0.5)
    #expect(try gap(.dropout) < gap(.none))
    checkReport(outcome.report, charts: 3, words: ["Without a regulariser", "norm-stabilizer"])
  }

  /// All regularisers at a tiny size: each trains without an accident.
  @Test(arguments: RegularizerKind.allCases) func everyRegularizerTrains(_ kind: RegularizerKind) throws {
    var experiment = RegularizerExperiment(.quick)
    (experiment.kinds, experiment.hiddenSize, experiment.training.stepLimit) = ([kind], 12, 20)
    let outcome = try experiment.run(.silent)
    let curve = try #require(outcome.trials.first).curve
    #expect(curve.dropFirst().allSatisfy { $0.trainingLoss.isFinite && $0.validationLoss.isFinite })
    let (first, last) = (try #require(curve.first), try #require(curve.last))
    #expect(last.validationLoss < 0.9 * first.validationLoss)
  }
}

@Suite struct ChoralesSourceTests {
  @Test func withoutAFileTheChoralesAreGenerated() throws {
    #expect(try ChoralesSource(path: nil, dataFolder: nil) == .generated)
    let source = try TestFiles.withDirectory { try ChoralesSource(path: nil, dataFolder: $0) }
    #expect(source == .generated)
  }

  @Test func theyAreFoundInAFolder() throws {
    try TestFiles.withDirectory { (folder: String) throws in
      let file = "\(folder)/jsb-chorales/jsb-chorales-quarter.json"
      try OutputFile.createDirectory("\(folder)/jsb-chorales")
      try OutputFile.write("{}", to: file)
      let sources = [
        try ChoralesSource(path: nil, dataFolder: folder),
        try ChoralesSource(path: "\(folder)/jsb-chorales", dataFolder: nil),
        try ChoralesSource(path: file, dataFolder: nil),
      ]
      #expect(sources == [.file(file), .file(file), .file(file)])
    }
  }

  @Test func aFolderWithoutChoralesIsRefused() throws {
    try TestFiles.withDirectory { (folder: String) throws in
      let failure = #expect(throws: Failure.self) { try ChoralesSource(path: folder, dataFolder: nil) }
      #expect(failure?.kind == .missing)
      #expect(failure?.description.contains("jsb-chorales-quarter.json expected") == true)
    }
  }
}
