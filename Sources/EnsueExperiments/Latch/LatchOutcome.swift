// What the latching experiment found.

import EnsueEvaluation
import EnsueReport

/// All trials, and what they show.
public struct LatchOutcome: ExperimentOutcome {
  public let experiment: LatchExperiment
  public let trials: [LatchTrial]

  private func trials(_ learner: LatchLearner, _ length: Int) -> [LatchTrial] {
    trials.filter { $0.learner == learner && $0.length == length }
  }

  /// The share of trials that succeeded.
  public func successRate(_ learner: LatchLearner, length: Int) -> Double {
    let found = trials(learner, length)
    return Double(found.count { $0.solvedStep != nil }) / Double(max(1, found.count))
  }

  public var report: ExperimentReport {
    ExperimentReport(
      title: "Latching one bit",
      parts: [
        .text(setup), .text(conclusion),
        .chart(.lines(successChart), file: "success"), .chart(.lines(stepsChart), file: "steps"),
        .table(
          successTable, caption: "Trials that succeeded, with the standard error of the share √(p (1 − p) / n)."),
        .table(
          stepsTable,
          caption: "Training steps until success, mean ± standard deviation over the trials that succeeded."),
      ])
  }

  private var setup: String {
    let e = experiment
    return """
      A sequence shows its class in the first 3 steps; then comes noise of standard deviation \
      \(shortest(e.noise)) up to step T, when the answer is due: −0.8 or +0.8. The single unit is \
      x_t = tanh(w x_(t−1) + h_t) with learned h_t while the class is shown and w = \
      \(shortest(e.firstWeight)) at first, trained by gradient descent; the networks have \
      \(e.hiddenSize) units and are trained by Adam, and the gates that keep the state (the LSTM's forget gate, the \
      GRU's update gate) begin with a bias of \(shortest(e.gateBias)). A trial succeeds when \(Format.percent(e.goal, places: 0)) of \
      \(e.training.validationCount) new sequences end on the right side within \(Format.count(e.training.stepLimit)) \
      steps of \(e.training.batchSize) sequences. \(Format.count(e.trialCount, "trial")) of each.
      """
  }

  /// For every learner: how far it gets, from its rates.
  private var conclusion: String {
    experiment.learners.map { learner in
      let rates = experiment.lengths.map { (length: $0, rate: successRate(learner, length: $0)) }
      guard let first = rates.first, let last = rates.last else { return "" }
      let reliable = rates.prefix { $0.rate >= 0.9 }.last?.length
      let reach =
        switch reliable {
        case last.length?: "succeeds in at least 90 % of its trials at every length, up to T = \(last.length)"
        case let length?: "succeeds in at least 90 % of its trials up to T = \(length)"
        case nil: "succeeds in fewer than 90 % of its trials even at T = \(first.length)"
        }
      let half = rates.first { $0.rate < 0.5 }.map { ", in fewer than half from T = \($0.length) on" } ?? ""
      let isSteady = half.isEmpty || rates.drop { $0.rate >= 0.5 }.allSatisfy { $0.rate < 0.5 }
      let seen = isSteady ? half : ", in fewer than half at some lengths"
      return "\(sentence(learner.title)) \(reach)\(seen): \(Format.percent(first.rate, places: 0)) at T = "
        + "\(first.length), \(Format.percent(last.rate, places: 0)) at T = \(last.length)."
    }.joined(separator: " ")
  }

  private func sentence(_ title: String) -> String {
    title == LatchLearner.unit.title ? "One tanh unit" : "The \(title)"
  }

  private var successTable: TextTable {
    table { learner, length in
      let found = trials(learner, length)
      let rate = successRate(learner, length: length)
      let error = (rate * (1 - rate) / Double(max(1, found.count))).squareRoot()
      return "\(found.count { $0.solvedStep != nil })/\(found.count)  "
        + "\(Format.fixed(100 * rate, places: 0)) ± \(Format.fixed(100 * error, places: 0)) %"
    }
  }

  private var stepsTable: TextTable {
    table { learner, length in
      Spread(trials(learner, length).compactMap(\.solvedStep).map(Double.init))?.text(places: 0) ?? "–"
    }
  }

  private func table(_ cell: (LatchLearner, Int) -> String) -> TextTable {
    TextTable(
      columns: [.init("T", .trailing)] + experiment.learners.map { .init($0.title, .trailing) },
      rows: experiment.lengths.map { length in [String(length)] + experiment.learners.map { cell($0, length) } })
  }

  private var successChart: LineChart {
    chart("Trials that learn to latch", "", .percent) { successRate($0, length: $1) }
  }

  private var stepsChart: LineChart {
    chart("Steps until success", "mean over the trials that succeed", .number) { learner, length in
      Spread(trials(learner, length).compactMap(\.solvedStep).map(Double.init))?.mean ?? .nan
    }
  }

  private func chart(
    _ title: String, _ vertical: String, _ format: AxisFormat, _ value: (LatchLearner, Int) -> Double
  ) -> LineChart {
    LineChart(
      title: title, horizontalTitle: "T, steps", horizontalFormat: .wholeNumber, verticalTitle: vertical,
      verticalFormat: format,
      series: experiment.learners.map { learner in
        .init(
          name: learner.title, points: experiment.lengths.map { .init(x: Double($0), y: value(learner, $0)) })
      }, width: ExperimentReport.chartWidth)
  }
}
