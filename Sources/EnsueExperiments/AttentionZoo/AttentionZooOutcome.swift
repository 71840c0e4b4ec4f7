// What the attention zoo found.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueReport
import EnsueTraining

/// All trials, and what they show.
public struct AttentionZooOutcome: ExperimentOutcome {
  public let experiment: AttentionZooExperiment
  public let task: String
  public let baseline: SequenceBaseline
  public let trials: [AttentionZooTrial]

  func trials(_ score: AttentionScoreKind, _ distribution: AttentionDistributionKind) -> [AttentionZooTrial] {
    trials.filter { $0.score == score && $0.distribution == distribution }
  }

  /// The share of right answers, over seeds.
  public func accuracy(_ score: AttentionScoreKind, _ distribution: AttentionDistributionKind) -> Spread? {
    Spread(trials(score, distribution).map(\.accuracy))
  }

  /// The share of output steps whose largest weight is on the right input step, over seeds.
  public func agreement(_ score: AttentionScoreKind, _ distribution: AttentionDistributionKind) -> Spread? {
    Spread(trials(score, distribution).map(\.alignment.agreement))
  }

  /// The mean number of weights that are not zero, over seeds.
  public func supportSize(_ score: AttentionScoreKind, _ distribution: AttentionDistributionKind) -> Spread? {
    Spread(trials(score, distribution).map(\.alignment.supportSize))
  }

  public var report: ExperimentReport {
    let agreeing = """
      Agreement: the share of output steps whose largest weight, by size, is on the input step that the answer needs. \
      \(meaning)
      """
    let lasting = "Weights that are not zero, of \(experiment.length) at each output step. \(meaning)"
    let parts: [ExperimentReport.Part] = [
      .text(setup), .text(conclusion), .text(sparsity),
      .table(table(agreement, { Format.percent($0, places: 0) }), caption: agreeing),
      .chart(.heatMaps(maps), file: "weights"),
      .table(
        table(accuracy, { Format.percent($0, places: 0) }), caption: "Accuracy: the share of right answers. \(meaning)"),
      .table(table(supportSize, { $0.text(places: 1) }), caption: lasting),
      .table(
        list(experiment.scores.map { ($0.title, $0.equation, $0.summary) }),
        caption: "The alignment functions: q a query, k a key."),
      .table(
        list(experiment.distributions.map { ($0.title, $0.equation, $0.summary) }),
        caption: "The distributions: e the scores of one query."),
    ]
    return ExperimentReport(title: "Attention zoo", parts: parts)
  }

  // MARK: In words

  private var setup: String {
    let e = experiment
    return """
      \(task): the answer at step i is the symbol of step T + 1 − i. One attention of width \(e.width), with learned \
      queries, one for each output step; keys are the sum of a symbol's and a step's vector, values the symbol's vector \
      alone, so that nothing but weights in the right places can give right answers. \
      \(Format.count(e.training.stepLimit)) steps of Adam with a learning rate of \
      \(shortest(e.training.optimizer.learningRate)), the same for all pairs, and \
      \(Format.count(e.seedCount, "seed")). Who guesses is right in \
      \(Format.percent(1 / Double(e.symbolCount))) of the answers and looks in the right place in \
      \(Format.percent(1 / Double(e.length))).
      """
  }

  private var meaning: String {
    experiment.seedCount == 1
      ? "One seed." : "Mean ± standard deviation over \(experiment.seedCount) seeds, new sequences."
  }

  private static let goal = 0.99

  private var pairs: [(score: AttentionScoreKind, distribution: AttentionDistributionKind)] {
    experiment.scores.flatMap { score in experiment.distributions.map { (score, $0) } }
  }

  private var conclusion: String {
    let goal = AttentionZooOutcome.goal
    let solved = pairs.filter { accuracy($0, $1)?.mean ?? 0 >= goal }
    let aligned = solved.filter { agreement($0, $1)?.mean ?? 0 >= goal }
    let percent = Format.percent(goal, places: 0)
    var sentences = [
      """
      \(solved.count) of \(Format.count(pairs.count, "pair")) \(solved.count == 1 ? "gives" : "give") at least \(percent) \
      right answers; of these \(aligned.count) \(aligned.count == 1 ? "has" : "have") the largest weight on the right \
      step as often.
      """
    ]
    let elsewhere = solved.filter { agreement($0, $1)?.mean ?? 0 < goal }
    if !elsewhere.isEmpty {
      sentences.append("Right without looking mostly at the right step: \(names(elsewhere)).")
    }
    let never = experiment.scores.filter { score in
      experiment.distributions.allSatisfy { accuracy(score, $0)?.mean ?? 0 < 0.5 }
    }
    if !never.isEmpty {
      let accuracies = never.map { score in
        let best = experiment.distributions.compactMap { accuracy(score, $0)?.mean }.max()
        return "\(score.title) (at best \(Format.percent(best ?? 0)))"
      }
      sentences.append("With no distribution half right: \(accuracies.joined(separator: ", ")).")
    }
    if let blind = blindness { sentences.append(blind) }
    let failing = pairs.filter { score, distribution in
      score != .featureBased && !never.contains(score) && accuracy(score, distribution)?.mean ?? 0 < goal
    }
    if !failing.isEmpty { sentences.append("Below \(percent) besides: \(names(failing)).") }
    let diverged = trials.count(where: \.diverged)
    if diverged > 0 { sentences.append("\(Format.count(diverged, "run")) diverged.") }
    return sentences.joined(separator: " ")
  }

  /// What becomes of a score that does not look at the query.
  private var blindness: String? {
    let blind = AttentionScoreKind.featureBased
    let shared = experiment.distributions.filter { $0 != .coda && accuracy(blind, $0)?.mean ?? 1 < 0.5 }
    guard experiment.scores.contains(blind), !shared.isEmpty else { return nil }
    let best = shared.compactMap { accuracy(blind, $0)?.mean }.max() ?? 0
    let coda = accuracy(blind, .coda).map {
      " CoDA, which compares query and key itself besides the score, has \(Format.percent($0, places: 0)) right."
    }
    return """
      The \(blind.title) score does not look at the query: with \(shared.map(\.title).joined(separator: ", ")) all output \
      steps share one alignment, and at best \(Format.percent(best, places: 0)) are right.\(coda ?? "")
      """
  }

  private func names(_ pairs: [(score: AttentionScoreKind, distribution: AttentionDistributionKind)]) -> String {
    pairs.map { pair in
      let agreement = agreement(pair.score, pair.distribution)?.mean ?? .nan
      let accuracy = accuracy(pair.score, pair.distribution)?.mean ?? .nan
      return "\(pair.score.title) with \(pair.distribution.title) (\(Format.percent(accuracy, places: 0)) right, "
        + "agreement \(Format.percent(agreement, places: 0)))"
    }.joined(separator: ", ")
  }

  /// How many weights the distributions leave.
  private var sparsity: String {
    let figures = experiment.distributions.compactMap { distribution -> String? in
      let sizes = experiment.scores.compactMap { supportSize($0, distribution)?.mean }
      return Spread(sizes).map { "\(distribution.title) \(Format.fixed($0.mean, places: 1))" }
    }
    return "Of \(experiment.length) weights are not exactly zero, in the mean over the alignment functions: "
      + "\(figures.joined(separator: ", "))."
  }

  // MARK: Tables and charts

  /// A row for each alignment function, a column for each distribution.
  private func table(
    _ value: (AttentionScoreKind, AttentionDistributionKind) -> Spread?, _ text: (Spread) -> String
  ) -> TextTable {
    TextTable(
      columns: [.init("score")] + experiment.distributions.map { .init($0.title, .trailing) },
      rows: experiment.scores.map { score in
        [score.title] + experiment.distributions.map { value(score, $0).map(text) ?? "–" }
      })
  }

  private func list(_ entries: [(title: String, equation: String, summary: String)]) -> TextTable {
    TextTable(
      columns: [.init("name"), .init("equation"), .init("what it is")],
      rows: entries.map { [$0.title, $0.equation, $0.summary] })
  }

  private var maps: HeatMapGrid {
    HeatMapGrid(
      title: "Weights after training", rowNames: experiment.scores.map(\.title),
      columnNames: experiment.distributions.map(\.title),
      maps: experiment.scores.map { score in
        experiment.distributions.map { distribution in
          trials(score, distribution).first.map {
            HeatMapGrid.Map(
              values: $0.alignment.meanWeights,
              note: "\(Format.percent($0.accuracy)) right, agreement \(Format.percent($0.alignment.agreement))")
          }
        }
      },
      note: "Output steps downwards, input steps to the right; reversal is the diagonal from the lower left. Mean over "
        + "\(Format.count(experiment.alignedCount, "sequence")), first seed; the full colour is a map's own largest weight, "
        + "the other colour is below zero.", width: ExperimentReport.chartWidth)
  }
}
