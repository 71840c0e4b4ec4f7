// What the experiment with scheduled sampling found.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueReport
import EnsueTasks

/// All trials, and what they show.
public struct SamplingOutcome: ExperimentOutcome {
  public let experiment: SamplingExperiment
  public let trials: [SamplingTrial]

  static func title(_ decay: SamplingDecayKind?) -> String { decay?.rawValue ?? "teacher forcing" }

  private var ways: [SamplingDecayKind?] { [nil] + experiment.decays.map(Optional.some) }

  private func spread(_ decay: SamplingDecayKind?, _ value: (SamplingTrial) -> Double) -> Spread? {
    Spread(trials.filter { $0.decay == decay }.map(value))
  }

  /// Over seeds, in per cent; of nil, teacher forcing.
  public func exactMatch(_ decay: SamplingDecayKind?) -> Spread? { spread(decay, \.exactMatch) }
  public func loss(_ decay: SamplingDecayKind?) -> Spread? { spread(decay, \.loss) }

  public var report: ExperimentReport {
    ExperimentReport(
      title: "Teacher forcing and scheduled sampling",
      parts: [
        .text(setup), .text(conclusion), .chart(.bars(bars), file: "exact-match"),
        .chart(.lines(schedules), file: "schedules"),
        .table(
          table,
          caption: """
            Test pairs; loss in nats a symbol and accuracy in per cent after true symbols, exact match and wrong \
            characters in per cent after the model's own. Mean ± standard deviation over seeds.
            """),
      ])
  }

  private var setup: String {
    let (e, s) = (experiment, experiment.settings)
    return """
      Sums of two numbers of up to \(Format.count(s.data.digits, "digit")), read and written by characters; a \
      \(s.model.recurrent.cell.title) of \(Format.count(s.model.recurrent.hiddenSize, "unit")) with the context \
      \(s.model.recurrent.context.rawValue) learns for \(Format.count(e.stepLimit, "step")) of \
      \(Format.count(s.training.batchSize, "pair")) with Adam, \(Format.count(e.seedCount, "seed")). Under teacher forcing \
      the decoder reads true symbols in training; the decays let it read its own more and more, all of them one half \
      after \(Format.percent(e.halfTime, places: 0)) of the steps, drawn after true symbols (Mihaylova and Martins 2019).
      """
  }

  private var conclusion: String {
    guard let forced = exactMatch(nil) else { return "" }
    var groups: [(words: String, titles: [String])] = [("raised", []), ("lowered", []), ("not clearly changed", [])]
    for decay in experiment.decays {
      guard let found = exactMatch(decay) else { continue }
      let difference = found.mean - forced.mean
      let (a, b) = (found.standardDeviation ?? .infinity, forced.standardDeviation ?? .infinity)
      let error = ((a * a + b * b) / Double(max(1, found.count))).squareRoot()
      let group = abs(difference) <= 2 * error || !difference.isFinite ? 2 : difference > 0 ? 0 : 1
      let sign = difference < 0 ? "−" : "+"
      groups[group].titles.append("\(decay.rawValue) (\(sign)\(Format.fixed(abs(difference), places: 1)))")
    }
    let told = groups.filter { !$0.titles.isEmpty }.map { "\($0.words) by \($0.titles.joined(separator: ", "))" }
    let one =
      experiment.seedCount == 1 ? " With one seed nothing is a clear change: chance is not known." : ""
    let scale = ways.compactMap { way in exactMatch(way).map { (way, $0.mean) } }.max { $0.1 < $1.1 }
    let best = scale.map { "The most, \(Format.fixed($0.1, places: 1)) %, is that of \(SamplingOutcome.title($0.0))." }
    return """
      Teacher forcing writes \(forced.text(places: 1)) % of the sums without an error. Against it exact match is \
      \(told.joined(separator: "; ")).\(one) \(best ?? "")
      """
  }

  private var table: TextTable {
    let best = ways.indices.max {
      (exactMatch(ways[$0])?.mean ?? -.infinity) < (exactMatch(ways[$1])?.mean ?? -.infinity)
    }
    return TextTable(
      columns: [.init("training")]
        + ["training loss", "test loss", "accuracy", "exact match", "wrong"].map { .init($0, .trailing) },
      rows: ways.map { way in
        [
          SamplingOutcome.title(way), spread(way, \.trainingLoss)?.text(places: 3) ?? "–",
          loss(way)?.text(places: 3) ?? "–", spread(way, \.accuracy)?.text(places: 1) ?? "–",
          exactMatch(way)?.text(places: 1) ?? "–", spread(way, \.errorRate)?.text(places: 1) ?? "–",
        ]
      }, emphasized: Set([best].compactMap { $0.map { TextTable.Position(row: $0, column: 4) } }))
  }

  private var bars: BarChart {
    BarChart(
      title: "Exact match, per cent",
      bars: ways.compactMap { way in exactMatch(way).map { .init(name: SamplingOutcome.title(way), spread: $0) } },
      width: ExperimentReport.chartWidth)
  }

  private var schedules: LineChart {
    LineChart(
      title: "Share of true symbols", horizontalTitle: "step", horizontalFormat: .wholeNumber,
      verticalTitle: "probability of reading the true symbol",
      series: experiment.decays.map { decay in
        let schedule = experiment.schedule(decay)
        return .init(
          name: decay.rawValue,
          points: (0...40).map { place in
            let step = experiment.stepLimit * place / 40
            return .init(x: Double(step), y: schedule.trueShare(step: step))
          })
      }, width: ExperimentReport.chartWidth)
  }
}
