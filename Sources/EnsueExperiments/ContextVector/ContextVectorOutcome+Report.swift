// The experiment with fixed vectors and attention in words, tables and charts.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueReport
import EnsueTasks

extension ContextVectorOutcome {
  /// Points of the score that are taken for a difference.
  private static let leastDifference = 3.0

  public var report: ExperimentReport {
    let byLength = measures.flatMap { measure -> [ExperimentReport.Part] in
      [
        .chart(.lines(chart(measure)), file: measure.file),
        .table(
          lengthTable(measure),
          caption: "\(measure.name) by symbols of the source, in per cent; mean ± standard deviation over seeds."),
      ]
    }
    let all: ExperimentReport.Part = .table(
      modelTable,
      caption: "All test pairs: losses in nats a symbol, teacher forced; scores of translations in per cent.")
    return ExperimentReport(
      title: "Fixed vector and attention", parts: [.text(setup), .text(conclusion)] + byLength + [all])
  }

  // MARK: In words

  private var setup: String {
    let (e, s) = (experiment, experiment.settings)
    let task =
      e.isText
      ? "Multi30k, German to English"
      : "sequences of \(s.data.shortest) to \(s.data.longest) of \(s.data.symbolCount) symbols to the same in reverse"
    let told = e.contexts.map { "\($0.rawValue), \($0.summary)" }.joined(separator: "; ")
    return """
      One task, \(task); encoders and decoders of \(Format.count(s.model.recurrent.hiddenSize, "unit")) of the \
      \(s.model.recurrent.cell.title), the encoder in both directions, which differ in what the decoder knows of the \
      source: \(told). Each learns for \(Format.count(e.stepLimit, "step")) of \
      \(Format.count(s.training.batchSize, "pair")) with Adam, \(Format.count(e.seedCount, "seed")). What is compared is \
      the \(valueName) of greedy translations\(e.isText ? "" : ", the share of true symbols that stand at their place").
      """
  }

  private var conclusion: String {
    guard let first = groups.first, let last = groups.last, groups.count > 1 else {
      return "All sources have about the same length: nothing can be said about lengths."
    }
    let said = experiment.contexts.compactMap { context -> String? in
      guard let change = change(context), let start = score(context, group: 0),
        let end = score(context, group: groups.count - 1)
      else { return nil }
      return "that of \(context.rawValue) \(verb(change)), from \(start.text(places: 1)) to \(end.text(places: 1))"
    }
    return """
      From sources of \(title(first)) symbols to those of \(title(last)), the \(valueName) changes so: \
      \(said.joined(separator: "; ")). \(comparison(last))
      """
  }

  private func verb(_ change: Spread) -> String {
    guard change.mean.isFinite else { return "is not a number" }
    let limit = ContextVectorOutcome.leastDifference
    return change.mean < -limit ? "falls" : change.mean > limit ? "rises" : "stays about the same"
  }

  /// The best of each kind on the longest sources, and which of them loses more with length.
  private func comparison(_ longest: ClosedRange<Int>) -> String {
    typealias Found = (context: ContextKind, score: Double, change: Double)
    func best(_ isAttentive: Bool) -> Found? {
      let found = experiment.contexts.filter { $0.isAttentive == isAttentive }.compactMap { context -> Found? in
        guard let score = score(context, group: groups.count - 1)?.mean, let change = change(context)?.mean else {
          return nil
        }
        return (context, score, change)
      }
      return found.max { $0.score < $1.score }
    }
    guard let fixed = best(false), let attentive = best(true) else { return "" }
    let limit = ContextVectorOutcome.leastDifference
    let difference = attentive.score - fixed.score
    let ahead =
      abs(difference) < limit
      ? "\(attentive.context.rawValue) and the better fixed vector, \(fixed.context.rawValue), are about equal"
      : """
      \(attentive.context.rawValue) is \(Format.fixed(abs(difference), places: 1)) points \
      \(difference > 0 ? "ahead of" : "behind") the better fixed vector, \(fixed.context.rawValue)
      """
    let seen: String
    if fixed.change < -limit, attentive.change >= -limit {
      seen = "The fixed vector falls with length and attention does not, as Bahdanau et al. (2015) saw."
    } else if attentive.change - fixed.change > limit {
      seen = "Attention loses less with length than the fixed vector, as Bahdanau et al. (2015) saw."
    } else {
      seen = """
        That attention loses less with length, as Bahdanau et al. (2015) saw, does not show at this size and length of \
        training.
        """
    }
    return "On the longest, \(ahead). \(seen)"
  }

  private func title(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
  }

  // MARK: Tables and chart

  /// A number of translations of sources of some length.
  private typealias Measure = (name: String, file: String, value: (ContextVectorScore) -> Double)

  /// What models are compared by, and BLEU where that is another.
  private var measures: [Measure] {
    let first: Measure = (valueName, "lengths", value)
    let bleu: Measure = ("BLEU", "bleu", { $0.bleu })
    return experiment.isText ? [first] : [first, bleu]
  }

  private func lengthTable(_ measure: Measure) -> TextTable {
    func shown(_ context: ContextKind, _ score: (ContextVectorTrial) -> ContextVectorScore) -> String {
      spread(context) { measure.value(score($0)) }?.text(places: 1) ?? "–"
    }
    return TextTable(
      columns: [.init("length"), .init("pairs", .trailing)]
        + experiment.contexts.map { .init($0.rawValue, .trailing) },
      rows: groups.indices.map { group in
        [title(groups[group]), Format.count(pairCounts[group])]
          + experiment.contexts.map { context in shown(context) { $0.scores[group] } }
      } + [
        ["all", Format.count(pairCounts.reduce(0, +))]
          + experiment.contexts.map { context in shown(context) { $0.score } }
      ])
  }

  private var modelTable: TextTable {
    TextTable(
      columns: [.init("context")]
        + ["parameters", "training loss", "test loss", "symbols", "exact", "BLEU"].map { .init($0, .trailing) },
      rows: experiment.contexts.map { context in
        [
          context.rawValue,
          trials.first { $0.context == context }.map { Format.count($0.parameterCount) } ?? "–",
          spread(context, \.trainingLoss)?.text(places: 3) ?? "–", spread(context, \.loss)?.text(places: 3) ?? "–",
          spread(context, \.score.symbolAccuracy)?.text(places: 1) ?? "–",
          spread(context, \.score.exactMatch)?.text(places: 1) ?? "–",
          spread(context, \.score.bleu)?.text(places: 1) ?? "–",
        ]
      })
  }

  private func chart(_ measure: Measure) -> LineChart {
    LineChart(
      title: "Score and length", horizontalTitle: "symbols of the source", verticalTitle: "\(measure.name), per cent",
      series: experiment.contexts.map { context in
        .init(
          name: context.rawValue,
          points: groups.indices.map { group in
            .init(
              x: Double(groups[group].lowerBound + groups[group].upperBound) / 2,
              y: spread(context) { measure.value($0.scores[group]) }?.mean ?? .nan)
          })
      }, width: ExperimentReport.chartWidth)
  }
}
