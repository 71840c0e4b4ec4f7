// How language models learned: the losses of their runs by step, from the runs' own logs.

import EnsueEvaluation
import EnsueFiles
import EnsueReport
import EnsueTasks

/// Runs side by side; music rolls have the same log.
public struct LearningCurves: Sendable {
  private let runs: [(name: String, points: [LanguageModelEpoch])]
  private let pictureWidth: Double

  /// - Throws: `Failure` when a folder holds no language model's run, or one without any result yet.
  public init(folders: [String], pictureWidth: Double = 720) throws {
    self.pictureWidth = pictureWidth
    runs = try folders.map { path in
      let folder = RunFolder(path)
      let points = try LanguageModelHistory.contents(of: folder.metrics).epochs
      guard !points.isEmpty else {
        throw Failure(
          .data, at: folder.metrics, "a validation result expected, found none", advice: "Train the run further.")
      }
      return (folder.name, points)
    }
  }

  public var chart: LineChart {
    func series(
      _ run: (name: String, points: [LanguageModelEpoch]), _ variant: String, _ value: (LanguageModelEpoch) -> Double
    ) -> LineChart.Series {
      LineChart.Series(
        name: run.name, variant: variant, isDashed: variant == "training",
        points: run.points.map { LineChart.Point(x: Double($0.step), y: value($0)) })
    }
    return LineChart(
      title: runs.count == 1 ? "Learning of \(runs[0].name)" : "Learning", horizontalTitle: "step",
      horizontalFormat: .wholeNumber, verticalTitle: "loss, nats per token",
      series: runs.flatMap { run in
        [series(run, "validation") { $0.validation.loss }, series(run, "training") { $0.trainingLoss }]
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
            Format.fixed(point.validation.loss, places: 4), Format.significant(point.validation.perplexity),
            Format.fixed(point.seconds, places: 0),
          ]
        }
      })
  }
}
