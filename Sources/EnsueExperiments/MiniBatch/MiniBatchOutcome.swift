// What the experiment with mini-batches found.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueReport
import EnsueTasks

/// All trials, and the batches of each way.
public struct MiniBatchOutcome: ExperimentOutcome {
  public let experiment: MiniBatchExperiment
  /// Target symbols of a batch whose size is in words.
  public let wordCount: Int
  public let shapes: [MiniBatchWay: MiniBatchShape]
  public let trials: [MiniBatchTrial]

  /// Something of the last look over seeds; nil where the way was not tried.
  func last(_ way: MiniBatchWay, _ value: (MiniBatchLook) -> Double) -> Spread? {
    Spread(trials.filter { $0.way == way }.compactMap(\.looks.last).map(value))
  }

  public func loss(_ way: MiniBatchWay) -> Spread? { last(way, \.loss) }
  public func score(_ way: MiniBatchWay) -> Spread? { last(way, \.score) }

  public var report: ExperimentReport {
    ExperimentReport(
      title: "Mini-batches",
      parts: [
        .text(setup), .text(conclusion),
        .chart(.lines(chart("Loss and time", "test loss, nats", \.loss)), file: "loss"),
        .chart(.lines(chart("Score and time", scoreTitle, \.score)), file: "score"),
        .table(
          table,
          caption: """
            After the last update: processor seconds of training, test loss in nats a symbol, \(scoreTitle). Spread: the \
            standard deviation of a batch's target symbols over their mean. Padding: what a padded batch would hold in \
            vain; these batches are packed. Mean ± standard deviation over seeds.
            """),
      ])
  }

  private var scoreName: String { experiment.isText ? "BLEU" : "exact match" }
  private var scoreTitle: String { experiment.isText ? "BLEU" : "exact match, per cent" }

  // MARK: In words

  private var setup: String {
    let (e, s) = (experiment, experiment.settings)
    let task =
      e.isText
      ? "Multi30k, German to English"
      : "sums of two numbers of up to \(Format.count(s.data.digits, "digit")), by characters"
    let ways = e.strategies.map { "\($0.rawValue), \($0.summary)" }.joined(separator: "; ")
    return """
      One task, \(task), and one model, a \(s.model.recurrent.cell.title) of \
      \(Format.count(s.model.recurrent.hiddenSize, "unit")) with the context \(s.model.recurrent.context.rawValue), learn \
      for \(Format.count(e.stepLimit, "update")) with Adam, \(Format.count(e.seedCount, "seed")). Batches have \
      \(Format.count(s.training.batchSize, "pair")), or \(Format.count(wordCount)) symbols of targets, which is as much in \
      the mean. Their pairs come in these orders: \(ways).
      """
  }

  private var conclusion: String {
    let known = experiment.ways.compactMap { way in loss(way).map { (way: way, loss: $0) } }
    guard let best = known.min(by: { $0.loss.mean < $1.loss.mean }),
      let worst = known.max(by: { $0.loss.mean < $1.loss.mean }), known.count > 1
    else { return "" }
    let difference = worst.loss.mean - best.loss.mean
    let scatter = known.compactMap(\.loss.standardDeviation).max()
    let sense: String
    if let scatter {
      sense =
        difference > 2 * scatter
        ? "more than seeds make (their largest standard deviation is \(Format.fixed(scatter, places: 3)))"
        : "no more than seeds make (their largest standard deviation is \(Format.fixed(scatter, places: 3)))"
    } else {
      sense = "with one seed chance is not known"
    }
    return """
      After equally many updates the lowest test loss is that of \(best.way.title) with \(best.loss.text(places: 3)), the \
      highest that of \(worst.way.title) with \(worst.loss.text(places: 3)): \(sense). \(unitComparison) \(speedComparison)
      """
  }

  /// Sentences against words, over the strategies.
  private var unitComparison: String {
    let differences = experiment.strategies.compactMap { strategy -> Double? in
      guard let sentences = loss(MiniBatchWay(strategy: strategy, unit: .sentences)),
        let words = loss(MiniBatchWay(strategy: strategy, unit: .words))
      else { return nil }
      return words.mean - sentences.mean
    }
    guard !differences.isEmpty else { return "" }
    let lower = differences.count { $0 < 0 }
    return """
      Sizes in words have the lower loss with \(lower) of \(Format.count(differences.count, "strategy", plural: "strategies")).
      """
  }

  private var speedComparison: String {
    let times = experiment.ways.compactMap { way in last(way, \.seconds).map { (way: way, seconds: $0.mean) } }
    guard let fastest = times.min(by: { $0.seconds < $1.seconds }),
      let slowest = times.max(by: { $0.seconds < $1.seconds })
    else { return "" }
    return """
      The fewest seconds are those of \(fastest.way.title) with \(Format.fixed(fastest.seconds, places: 1)), the most those \
      of \(slowest.way.title) with \(Format.fixed(slowest.seconds, places: 1)): packed batches leave sorting less to save \
      than the padded ones of the paper, in which it spares the padding of the table's last column.
      """
  }

  // MARK: Table and charts

  private var table: TextTable {
    let ways = experiment.ways
    let losses = ways.map { loss($0)?.mean ?? .infinity }
    let best = losses.indices.reduce(0) { losses[$1] < losses[$0] ? $1 : $0 }
    return TextTable(
      columns: [.init("strategy"), .init("size in")]
        + ["seconds", "symbols", "loss", scoreName, "spread", "padding"].map { .init($0, .trailing) },
      rows: ways.map { way in
        [
          way.strategy.rawValue, way.unit.rawValue, last(way, \.seconds)?.text(places: 1) ?? "–",
          last(way) { Double($0.symbolCount) }.map { Format.count(Int($0.mean)) } ?? "–",
          loss(way)?.text(places: 3) ?? "–", score(way)?.text(places: 1) ?? "–",
          shapes[way].map { Format.percent($0.variation, places: 0) } ?? "–",
          shapes[way].map { Format.percent($0.padding, places: 0) } ?? "–",
        ]
      }, emphasized: [.init(row: best, column: 4)])
  }

  /// Means over seeds at the same updates: a colour a strategy, words dashed.
  private func chart(_ title: String, _ vertical: String, _ value: (MiniBatchLook) -> Double) -> LineChart {
    LineChart(
      title: title, horizontalTitle: "processor seconds", verticalTitle: vertical,
      series: experiment.strategies.flatMap { strategy in
        experiment.units.map { unit in
          let found = trials.filter { $0.way == MiniBatchWay(strategy: strategy, unit: unit) }.map(\.looks)
          let count = found.map(\.count).min() ?? 0
          func mean(_ index: Int, _ value: (MiniBatchLook) -> Double) -> Double {
            found.reduce(0) { $0 + value($1[index]) } / Double(max(1, found.count))
          }
          return .init(
            name: strategy.rawValue, variant: unit.rawValue, isDashed: unit == .words,
            points: (0..<count).map { .init(x: mean($0, \.seconds), y: mean($0, value)) })
        }
      }, width: ExperimentReport.chartWidth)
  }
}
