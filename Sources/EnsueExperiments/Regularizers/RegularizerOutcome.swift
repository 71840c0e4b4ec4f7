// What the regularisers' experiment found.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueReport

/// All trials, and what they show.
public struct RegularizerOutcome: ExperimentOutcome {
  public let experiment: RegularizerExperiment
  public let task: String
  public let lossName: String
  public let baseline: SequenceBaseline
  public let trials: [RegularizerTrial]

  private func spread(_ kind: RegularizerKind, _ value: (RegularizerTrial) -> Double) -> Spread? {
    Spread(trials.filter { $0.kind == kind }.map(value))
  }

  /// The lowest validation loss, over seeds.
  public func bestLoss(_ kind: RegularizerKind) -> Spread? { spread(kind) { $0.best.validationLoss } }

  /// The training and validation loss at the last step, over seeds.
  public func lastLosses(_ kind: RegularizerKind) -> (training: Spread?, validation: Spread?) {
    (spread(kind) { $0.curve.last?.trainingLoss ?? .nan }, spread(kind) { $0.curve.last?.validationLoss ?? .nan })
  }

  public var report: ExperimentReport {
    ExperimentReport(
      title: "Regularisers of recurrent networks",
      parts: [
        .text(setup), .text(conclusion), .table(table, caption: caption), .chart(.bars(bars), file: "best-losses"),
        .chart(.lines(validationCurves), file: "validation"),
        .chart(.lines(curves("Training loss", "", \.trainingLoss)), file: "training"),
        .table(
          TextTable(
            columns: [.init("regulariser"), .init("what it does")],
            rows: experiment.kinds.map { [$0.title, $0.summary] }), caption: "The regularisers."),
      ])
  }

  private var setup: String {
    let e = experiment
    return """
      One layer of \(e.hiddenSize) units of the \(e.cell.title) on \
      \(e.training.trainingCount.map { "\($0)" } ?? "all") training pieces: \(task). The pieces are \
      \(e.chorales.note). \(Format.count(e.training.stepLimit)) steps of Adam for each of \
      \(Format.count(e.seedCount, "seed")). Dropout \(shortest(e.dropoutRate)), within the recurrence \
      \(shortest(e.recurrentDropoutRate)); zoneout \(shortest(e.zoneoutRate)); β of the \
      norm-stabilizer \(shortest(e.stabilizerWeight)), of gradient propagation \
      \(shortest(e.propagationWeight)). Losses are \(lossName), without regularisers and (validation) without \
      dropout; \(baseline.meaning): \(Format.significant(baseline.loss)).
      """
  }

  private let caption =
    "Losses at the step of the lowest validation loss and at the last step, mean ± standard deviation over seeds. "
    + "Training losses are those of the steps, under dropout and zoneout where there is any."

  private func gap(_ kind: RegularizerKind) -> Spread? {
    spread(kind) { ($0.curve.last?.validationLoss ?? .nan) - ($0.curve.last?.trainingLoss ?? .nan) }
  }

  private var conclusion: String {
    guard let plain = bestLoss(.none), let plainGap = gap(.none) else { return "" }
    let overfit = lastLosses(.none).validation.map { $0.mean > plain.mean * 1.02 } ?? false
    let first =
      "Without a regulariser the validation loss reaches \(plain.text(places: 3)) and "
      + (overfit ? "rises again" : "stays there")
      + "; at the end it is \(Format.significant(plainGap.mean)) above the training loss."
    var groups: [(words: String, titles: [String])] = [("lowered", []), ("raised", []), ("not clearly changed", [])]
    for kind in experiment.kinds where kind != .none {
      guard let loss = bestLoss(kind) else { continue }
      let difference = loss.mean - plain.mean
      let a = loss.standardDeviation ?? .infinity
      let b = plain.standardDeviation ?? .infinity
      let error = ((a * a + b * b) / Double(loss.count)).squareRoot()
      let group = abs(difference) <= 2 * error || !difference.isFinite ? 2 : difference < 0 ? 0 : 1
      let sign = difference < 0 ? "−" : "+"
      groups[group].titles.append("\(kind.title) (\(sign)\(Format.fixed(abs(difference), places: 3)))")
    }
    let told = groups.filter { !$0.titles.isEmpty }.map { "\($0.words) by \($0.titles.joined(separator: ", "))" }
    let best = experiment.kinds.compactMap { kind in bestLoss(kind).map { (kind, $0.mean) } }.min { $0.1 < $1.1 }
    let last = best.map { "The lowest loss is that of \($0.0 == .none ? "no regulariser" : $0.0.title)." } ?? ""
    return
      "\(first) The lowest validation loss is \(told.joined(separator: "; ")), where a change is clear above two standard "
      + "errors. \(last)"
  }

  private var table: TextTable {
    let rows = experiment.kinds.map { kind -> [String] in
      let (training, validation) = lastLosses(kind)
      let diverged = trials.count { $0.kind == kind && $0.diverged }
      return [
        kind.title, (bestLoss(kind)?.text(places: 3) ?? "–") + (diverged > 0 ? " (\(diverged) diverged)" : ""),
        spread(kind) { Double($0.best.step) }?.text(places: 0) ?? "–", training?.text(places: 3) ?? "–",
        validation?.text(places: 3) ?? "–",
      ]
    }
    let means = experiment.kinds.map { bestLoss($0)?.mean ?? .infinity }
    let best = means.indices.min { means[$0] < means[$1] }.map { TextTable.Position(row: $0, column: 1) }
    return TextTable(
      columns: [
        .init("regulariser"), .init("best validation", .trailing), .init("at step", .trailing),
        .init("last training", .trailing), .init("last validation", .trailing),
      ], rows: rows, emphasized: Set([best].compactMap { $0 }))
  }

  private var bars: BarChart {
    BarChart(
      title: "Best validation loss",
      bars: experiment.kinds.compactMap { kind in bestLoss(kind).map { .init(name: kind.title, spread: $0) } },
      width: ExperimentReport.chartWidth)
  }

  /// What has learned the training data by heart goes far above the baseline, and would hide the others.
  private var validationCurves: LineChart {
    let limit = (baseline.loss * 1.2).rounded()
    return curves("Validation loss", ", at most \(shortest(limit))") { min($0.validationLoss, limit) }
  }

  private func curves(_ title: String, _ note: String, _ value: (SequenceCurvePoint) -> Double) -> LineChart {
    LineChart(
      title: title, horizontalTitle: "step", horizontalFormat: .wholeNumber,
      verticalTitle: "\(lossName), mean over seeds\(note)",
      series: experiment.kinds.map { kind in
        let curves = trials.filter { $0.kind == kind }.map { Array($0.curve.dropFirst()) }
        return .init(name: kind.title, points: LineChart.means(of: curves, value))
      }, width: ExperimentReport.chartWidth)
  }
}
