// How models of sequences learned: the losses of their runs by step, from the runs' own logs.

import EnsueBundle
import EnsueEvaluation
import EnsueFiles
import EnsueReport
import EnsueTasks

/// Runs side by side: those of language models, of piano rolls and of translation models.
public struct LearningCurves: Sendable {
  /// What all their logs have of a validation.
  private struct Point {
    let step: Int
    let seconds: Double
    let trainingLoss: Double
    let validationLoss: Double
    let perplexity: Double

    init<Summary: TaskSummary>(_ epoch: TaskEpoch<Summary>, loss: Double, perplexity: Double) {
      (step, seconds, trainingLoss) = (epoch.step, epoch.seconds, epoch.trainingLoss)
      (validationLoss, self.perplexity) = (loss, perplexity)
    }
  }

  private let runs: [(name: String, points: [Point])]
  private let pictureWidth: Double

  /// - Throws: `Failure` when a folder holds no such run, or one without any result yet.
  public init(folders: [String], pictureWidth: Double = 720) throws {
    self.pictureWidth = pictureWidth
    runs = try folders.map { path in
      let folder = RunFolder(path)
      let points = try LearningCurves.points(folder)
      guard !points.isEmpty else {
        throw Failure(
          .data, at: folder.metrics, "a validation result expected, found none", advice: "Train the run further.")
      }
      return (folder.name, points)
    }
  }

  private static func points(_ folder: RunFolder) throws -> [Point] {
    // A folder of which nothing says what it is has a log's own errors.
    let task = BundleTaskKind(at: folder.path) ?? .language
    switch task {
    case .language, .rolls:
      return try LanguageModelHistory.contents(of: folder.metrics).epochs.map {
        Point($0, loss: $0.validation.loss, perplexity: $0.validation.perplexity)
      }
    case .translate:
      return try TranslationHistory.contents(of: folder.metrics).epochs.map {
        Point($0, loss: $0.validation.loss, perplexity: $0.validation.perplexity)
      }
    case .classify:
      throw Failure(
        .data, at: folder.path,
        "a run of a language model, of a translation model or of piano rolls expected, found \(task.title)",
        advice: "Its curves are in the run's report.html.")
    }
  }

  public var chart: LineChart {
    func series(
      _ run: (name: String, points: [Point]), _ variant: String, _ value: (Point) -> Double
    ) -> LineChart.Series {
      LineChart.Series(
        name: run.name, variant: variant, isDashed: variant == "training",
        points: run.points.map { LineChart.Point(x: Double($0.step), y: value($0)) })
    }
    return LineChart(
      title: runs.count == 1 ? "Learning of \(runs[0].name)" : "Learning", horizontalTitle: "step",
      horizontalFormat: .wholeNumber, verticalTitle: "loss, nats per token",
      series: runs.flatMap { run in
        [series(run, "validation") { $0.validationLoss }, series(run, "training") { $0.trainingLoss }]
      }, width: pictureWidth)
  }

  /// A row for every validation.
  public var table: TextTable {
    TextTable(
      columns: [TextTable.Column("run")]
        + ["step", "training", "validation", "perplexity", "seconds"].map { TextTable.Column($0, .trailing) },
      rows: runs.flatMap { run in
        run.points.map { point in
          [
            run.name, Format.count(point.step), Format.fixed(point.trainingLoss, places: 4),
            Format.fixed(point.validationLoss, places: 4), Format.significant(point.perplexity),
            Format.fixed(point.seconds, places: 0),
          ]
        }
      })
  }
}
