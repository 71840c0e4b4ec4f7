// The laboratory on generated reviews, at a tiny size.

import EnsueData
import EnsueEvaluation
import EnsueExperiments
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueReport
import EnsueTasks
import EnsueTestSupport
import EnsueTraining
import Testing

@Suite struct LabTests {
  private static let models: [ClassifierKind] = [
    .bagOfWords, .nGram, .mean, .meanMax, .lstm, .bilstm, .selfAttention, .multiHeadAttention, .transformer,
  ]

  private static var tiny: ClassificationConfiguration {
    var configuration = WordOrderExperiment.quick
    (configuration.model.embeddingSize, configuration.model.hiddenSize) = (10, 8)
    (configuration.training.epochs, configuration.training.batchSize) = (1, 256)
    configuration.model.nGramBuckets = 1024
    return configuration
  }

  private func trained(_ experiment: LabExperiment) throws -> [RunRecord] {
    try experiment.sweep.runs.map { configuration, folder in
      if let record = try FinishedRun.record(folder, ifFinishedWith: configuration) { return record }
      var run = try ClassificationRun(configuration, in: folder)
      while try run.next() != nil {}
      return try run.finish()
    }
  }

  @Test func everyClassifierStandsInTheTableAndEveryQuestionIsAnswered() throws {
    try TestFiles.withDirectory { (folder: String) throws in
      let experiment = try LabExperiment(LabTests.tiny, models: LabTests.models, seeds: 2, in: folder)
      #expect(experiment.sweep.runs.count == 2 * LabTests.models.count)
      let records = try trained(experiment)
      let outcome = experiment.outcome(records)
      #expect(outcome.entries == LabTests.models.map { .made($0) })
      let report = outcome.report
      let tables = report.parts.compactMap { part -> TextTable? in
        if case .table(let table, _) = part { table } else { nil }
      }
      let table = try #require(tables.first)
      #expect(table.rows.count == LabTests.models.count)
      #expect(
        table.columns.map(\.title) == [
          "classifier", "accuracy", "macro F1", "macro recall", "loss", "parameters", "seconds",
        ])
      let mean = try #require(outcome.spread(.made(.mean), .accuracy))
      #expect(mean.count == 2)
      checkReport(
        report, charts: 2,
        words: [
          "What does the maximum add", "queries, keys, values and position embeddings", "a single attention layer",
          "classic defaults", "L = 6, d = 512, h = 8, d_ff = 2048, dropout 0.1", "L = 3, d = 10, h = 5, d_ff = 4 d",
          "mean \(Format.percent(mean))", "Heads of attention: 5 in",
        ])
      // A run that diverged is counted, and its classifier keeps its row.
      let lost = zip(experiment.sweep.runs, records).map { run, record -> RunRecord? in
        run.configuration.model.kind == .mean ? nil : record
      }
      let smaller = experiment.outcome(lost)
      #expect(smaller.entries == outcome.entries && smaller.spread(.made(.mean), .accuracy) == nil)
      checkReport(smaller.report, charts: 2, words: ["2 runs diverged; figures are over the others"])
      // The same command again trains nothing.
      #expect(try trained(experiment) == records)
    }
  }

  @Test func theClassicTransformerIsThePapers() throws {
    let configuration = LabExperiment.configuration(of: .mr, data: "MR", embeddings: nil)
    let sweep = try LabExperiment(configuration, models: [.transformer], seeds: 1, isClassic: true, in: "runs").sweep
    let classic = try #require(sweep.runs.first).configuration
    #expect(try classic.model.transformer().width == 512)
    #expect(try classic.model.transformer().headCount == 8 && classic.model.layerCount == 6)
    #expect(classic.model.feedForwardSize == 2048 && classic.model.dropout == 0.1 && classic.model.norm == .post)
    #expect(classic.schedule.kind == .noam && classic.schedule.width == 512)
  }

  /// The laboratory with a file of one word vector of some width.
  private func experiment(
    _ size: ExperimentSize, _ dataset: LabDatasetKind, width: Int, _ body: (LabExperiment, String) throws -> Void
  ) throws {
    try TestFiles.withDirectory { (folder: String) throws in
      let vectors = "\(folder)/vectors.txt"
      try OutputFile.write("good" + String(repeating: " 0.5", count: width) + "\n", to: vectors)
      try body(LabExperiment(size, dataset, data: "folder", embeddings: vectors, in: "runs/lab"), vectors)
    }
  }

  @Test(arguments: LabDatasetKind.allCases) func allClassifiersAreTriedOnBothDataSets(_ dataset: LabDatasetKind) throws
  {
    try experiment(.standard, dataset, width: 50) { experiment, vectors in
      #expect(experiment.sweep.runs.count == 3 * LabExperiment.classifiers.count)
      #expect(Set(experiment.sweep.runs.map(\.folder.path)).count == experiment.sweep.runs.count)
      for run in experiment.sweep.runs {
        #expect(run.configuration.data.paths == ["folder"] && run.configuration.embedding.paths == [vectors])
        #expect(run.configuration.data.validationFraction == 0.2 && run.configuration.training.patience == 5)
      }
    }
  }

  @Test(arguments: [(50, 5), (300, 5), (64, 8), (12, 6), (97, 1)])
  func headsDivideTheWordVectors(_ width: Int, _ heads: Int) throws {
    try experiment(.standard, .mr, width: width) { experiment, _ in
      for run in experiment.sweep.runs { #expect(run.configuration.model.headCount == heads) }
    }
  }
}
