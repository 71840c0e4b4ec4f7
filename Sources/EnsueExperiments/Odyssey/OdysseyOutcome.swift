// What the odyssey found.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueReport

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// All trials, and what they show.
public struct OdysseyOutcome: ExperimentOutcome {
  public let experiment: OdysseyExperiment
  public let facts: [OdysseyTaskFacts]
  public let trials: [OdysseyTrial]

  private func trials(_ cell: RecurrentCellKind, _ task: OdysseyTask) -> [OdysseyTrial] {
    trials.filter { $0.cell == cell && $0.task == task }
  }

  /// The lowest validation loss, over seeds.
  public func loss(_ cell: RecurrentCellKind, _ task: OdysseyTask) -> Spread? {
    Spread(trials(cell, task).map(\.best.validationLoss))
  }

  /// Whether a cell's losses differ from the standard LSTM's by more than two standard errors of the difference.
  private func difference(_ cell: RecurrentCellKind, _ task: OdysseyTask) -> Double? {
    guard let standard = experiment.cells.first, cell != standard, let a = loss(cell, task),
      let b = loss(standard, task), let deviationA = a.standardDeviation, let deviationB = b.standardDeviation
    else { return nil }
    let error =
      (deviationA * deviationA / Double(a.count) + deviationB * deviationB / Double(b.count)).squareRoot()
    return abs(a.mean - b.mean) > 2 * error ? a.mean - b.mean : nil
  }

  public var report: ExperimentReport {
    ExperimentReport(
      title: "LSTM variants",
      parts: [.text(setup), .text(conclusion), .table(table, caption: caption)]
        + facts.flatMap { facts -> [ExperimentReport.Part] in
          [
            .chart(.bars(bars(facts)), file: "\(facts.task.rawValue)-losses"),
            .chart(.lines(curves(facts)), file: "\(facts.task.rawValue)-curves"),
          ]
        } + [
          .table(
            accuracyTable,
            caption:
              "Parameters on the first task, and right answers at the step of the lowest loss; chorales have none that are right "
              + "or wrong.")
        ]
    )
  }

  private var setup: String {
    let tasks = facts.map { facts in
      "\(facts.summary), \(facts.lossName), \(Format.significant(facts.baseline.loss)) without memory "
        + "(\(facts.baseline.meaning))"
    }
    let titles = experiment.cells.dropFirst().map(\.title).joined(separator: ", ")
    return """
      \(experiment.cells.first?.title ?? "") and \(titles), \(experiment.hiddenSize) units, \
      \(Format.count(experiment.seedCount, "seed")); the same data, learning rates and number of steps for all. Tasks: \
      \(tasks.joined(separator: "; ")). The chorales are \(experiment.chorales.note).
      """
  }

  private let caption =
    "The lowest validation loss of a run, mean ± standard deviation over seeds; lower is better. Relative: the geometric "
    + "mean over the tasks of the loss as a share of the first row's."

  /// Losses as a share of the standard LSTM's: the geometric mean over the tasks.
  public func relativeLoss(_ cell: RecurrentCellKind) -> Double {
    let shares = experiment.tasks.compactMap { task -> Double? in
      guard let own = loss(cell, task), let standard = experiment.cells.first.flatMap({ loss($0, task) }) else {
        return nil
      }
      return own.mean / standard.mean
    }
    return exp(shares.reduce(0) { $0 + log($1) } / Double(max(1, shares.count)))
  }

  private var conclusion: String {
    guard let standard = experiment.cells.first else { return "" }
    let perTask = experiment.tasks.map { task -> String in
      let differing = experiment.cells.compactMap { cell in difference(cell, task).map { (cell, $0) } }
      let worse = differing.filter { $0.1 > 0 }.map(\.0.title)
      let better = differing.filter { $0.1 < 0 }.map(\.0.title)
      let words = [
        worse.isEmpty ? nil : "worse are \(worse.joined(separator: ", "))",
        better.isEmpty ? nil : "better are \(better.joined(separator: ", "))",
      ].compactMap { $0 }
      return "\(task.title) \(words.isEmpty ? "no variant differs" : words.joined(separator: " and "))"
    }
    let ranked = experiment.cells.dropFirst().sorted { relativeLoss($0) > relativeLoss($1) }
    let hurts = ranked.first.map {
      "Over all tasks \($0.title) costs most: its losses are, in the geometric mean, "
        + "\(Format.significant(relativeLoss($0))) times those of the \(standard.title)"
    }
    let spared = ranked.last.map {
      "\($0.title) does best of the variants, at \(Format.significant(relativeLoss($0))) times"
    }
    let comparisons = (experiment.cells.count - 1) * experiment.tasks.count
    let test =
      experiment.seedCount > 1
      ? "Against the \(standard.title), by more than two standard errors: on the \(perTask.joined(separator: "; on the ")) "
        + "(\(comparisons) comparisons of \(Format.count(experiment.seedCount, "seed")): a few may be chance). "
      : "With one seed no difference can be told from chance. "
    return test + [hurts, spared].compactMap { $0 }.joined(separator: "; ") + "."
  }

  private var table: TextTable {
    let rows = experiment.cells.map { cell in
      [cell.title]
        + experiment.tasks.map { task in
          let diverged = trials(cell, task).count(where: \.diverged)
          // Errors and cross-entropies far below one need a place more than sums over 88 keys.
          return (loss(cell, task)?.text(places: task == .chorales ? 3 : 4) ?? "–")
            + (diverged > 0 ? " (\(diverged) diverged)" : "")
        } + [Format.fixed(relativeLoss(cell), places: 2)]
    }
    let best = experiment.tasks.enumerated().compactMap { column, task -> TextTable.Position? in
      let means = experiment.cells.map { loss($0, task)?.mean ?? .infinity }
      return means.indices.min { means[$0] < means[$1] }.map { .init(row: $0, column: column + 1) }
    }
    return TextTable(
      columns: [.init("cell")] + experiment.tasks.map { .init($0.title, .trailing) }
        + [.init("relative", .trailing)], rows: rows, emphasized: Set(best))
  }

  /// On the first task: the others differ by the widths of their inputs.
  private func parameterCount(_ cell: RecurrentCellKind) -> Int? {
    experiment.tasks.first.flatMap { trials(cell, $0).first?.parameterCount }
  }

  private var accuracyTable: TextTable {
    let tasks = experiment.tasks.filter { $0 != .chorales }
    return TextTable(
      columns: [.init("cell"), .init("parameters", .trailing)] + tasks.map { .init($0.title, .trailing) },
      rows: experiment.cells.map { cell in
        [cell.title, parameterCount(cell).map { Format.count($0) } ?? "–"]
          + tasks.map { task in
            Spread(trials(cell, task).compactMap(\.best.accuracy)).map { Format.percent($0) } ?? "–"
          }
      })
  }

  private func bars(_ facts: OdysseyTaskFacts) -> BarChart {
    BarChart(
      title: "\(facts.task.title): \(facts.lossName)",
      bars: experiment.cells.compactMap { cell in
        loss(cell, facts.task).map { .init(name: cell.title, spread: $0) }
      }, width: ExperimentReport.chartWidth)
  }

  private func curves(_ facts: OdysseyTaskFacts) -> LineChart {
    LineChart(
      title: "\(facts.task.title): learning curves", horizontalTitle: "step", horizontalFormat: .wholeNumber,
      verticalTitle: "validation loss after the first steps, mean over seeds",
      series: experiment.cells.map { cell in
        .init(
          name: cell.title,
          points: LineChart.means(of: trials(cell, facts.task).map { Array($0.curve.dropFirst()) }, \.validationLoss))
      }, width: ExperimentReport.chartWidth)
  }
}
