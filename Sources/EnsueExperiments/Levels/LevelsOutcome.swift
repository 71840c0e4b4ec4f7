// What the experiment with levels found.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueReport
import EnsueTraining

/// Shares of valid levels over training, and what they show.
public struct LevelsOutcome: ExperimentOutcome {
  public let experiment: LevelsExperiment
  public let trials: [LevelsTrial]

  func trials(_ cell: RecurrentCellKind) -> [LevelsTrial] { trials.filter { $0.cell == cell } }

  /// The share of valid levels at the end, over seeds.
  public func validShare(_ cell: RecurrentCellKind) -> Spread? {
    Spread(trials(cell).compactMap { $0.looks.last?.validShare })
  }

  /// The share of levels that keep a rule at the end, over seeds.
  public func share(_ rule: LevelRule, _ cell: RecurrentCellKind) -> Spread? {
    Spread(trials(cell).compactMap { $0.looks.last?.ruleShares[rule] })
  }

  /// The first look at which at least this share of levels was valid, in the mean over seeds.
  func firstStep(_ cell: RecurrentCellKind, validShare: Double) -> Int? {
    means(cell) { $0.validShare }.first { $0.y >= validShare }.map { Int($0.x) }
  }

  /// Of all cells, the one with most valid levels at the end.
  var best: RecurrentCellKind {
    let shares = experiment.cells.map { validShare($0)?.mean ?? 0 }
    let index = shares.indices.reduce(0) { shares[$1] > shares[$0] ? $1 : $0 }
    return experiment.cells[index]
  }

  /// The mean over seeds at every look.
  func means(_ cell: RecurrentCellKind, _ value: (LevelsLook) -> Double?) -> [LineChart.Point] {
    let curves = trials(cell).map(\.looks)
    guard let count = curves.map(\.count).min() else { return [] }
    return (0..<count).map { index in
      let values = curves.compactMap { value($0[index]) }
      return LineChart.Point(
        x: Double(curves[0][index].step), y: values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count))
    }
  }

  public var report: ExperimentReport {
    var parts: [ExperimentReport.Part] = [.text(setup), .text(conclusion), .table(endTable, caption: endCaption)]
    parts += [
      .chart(.lines(validChart), file: "valid"), .chart(.lines(ruleChart), file: "rules"),
      .table(ruleTable, caption: ruleCaption),
    ]
    for (title, map) in maps { parts.append(.listing(map, caption: title)) }
    return ExperimentReport(title: "Levels", parts: parts)
  }

  // MARK: In words

  private var setup: String {
    let e = experiment
    return """
      A level is a text: a line for each column of tiles, the lowest first, so that what stands beside a tile was written \
      a line before. \(e.layerCount > 1 ? "\(e.layerCount) layers" : "One layer") of \(e.hiddenSize) units \
      \(e.cells.count == 1 ? "" : "of each cell ")learns the next character of generated levels, \
      \(Format.count(e.batchSize)) new ones in each of \(Format.count(e.stepLimit, "step")), none of them twice; Adam, \
      learning rate \(shortest(e.optimizer.learningRate)) falling to a tenth, \(Format.count(e.seedCount, "seed")). After \
      every \(Format.count(e.sampleInterval, "step")) each writes \(Format.count(e.sampleCount, "level")) character by \
      character as its distribution says, and a checker asks for every rule.
      """
  }

  private var conclusion: String {
    let ends = experiment.cells.compactMap { cell -> String? in
      validShare(cell).map { share in
        let first =
          firstStep(cell, validShare: 0.5).map { ", half of them valid first at step \(Format.count($0))" } ?? ""
        return "\(cell.title) \(Format.percent(share))\(first)"
      }
    }
    let shape = experiment.cells.compactMap { cell in
      means(cell) { $0.ruleShares[.shape] }.first { $0.y >= 0.9 }.map { "\(cell.title) \(Format.count(Int($0.x)))" }
    }
    let form =
      shape.isEmpty
      ? "No cell writes nine levels of ten in the right shape."
      : "Nine levels of ten have the right shape from step "
        + shape.joined(separator: ", ") + " on."
    return """
      Levels that keep every rule at the end: \(ends.joined(separator: "; ")). \(form) \(hardest) Every level that a model \
      read was new to it, so what it writes soundly it cannot have learned by heart.
      """
  }

  /// Which rules the best cell breaks most at the end.
  private var hardest: String {
    let cell = best
    let shares = LevelRule.allCases.compactMap { rule in share(rule, cell).map { (rule, $0.mean) } }
    let sorted = shares.enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }.map(\.element)
    guard let (rule, share) = sorted.first else { return "" }
    guard share < 1 else { return "\(cell.title) breaks no rule in any of its last levels." }
    let kept = sorted.filter { $0.1 == 1 }.map(\.0.rawValue)
    let always = kept.isEmpty ? "" : "; \(kept.joined(separator: ", ")) always"
    return "\(cell.title) keeps \(rule.rawValue) least often (\(Format.percent(share)): \(rule.summary))\(always)."
  }

  // MARK: Tables

  private var endCaption: String {
    """
    What is written at the end: mean ± standard deviation over seeds of \(Format.count(experiment.sampleCount, "level")) \
    each. The loss is that of the last \(Format.count(experiment.sampleInterval, "step")), in nats a character.
    """
  }

  private var endTable: TextTable {
    TextTable(
      columns: [.init("cell")] + ["parameters", "loss", "valid levels"].map { .init($0, .trailing) },
      rows: experiment.cells.map { cell in
        let losses = Spread(trials(cell).compactMap { $0.looks.last?.trainingLoss })
        return [
          cell.title, trials(cell).first.map { Format.count($0.parameterCount) } ?? "–",
          losses?.text(places: 4) ?? "–", validShare(cell).map { Format.percent($0) } ?? "–",
        ]
      }, emphasized: [.init(row: experiment.cells.firstIndex(of: best) ?? 0, column: 3)])
  }

  private var ruleCaption: String {
    """
    The share of levels that keep each rule at the end: of all levels for the shape, for the others of those that have \
    the shape.
    """
  }

  private var ruleTable: TextTable {
    TextTable(
      columns: [.init("rule"), .init("what it asks")] + experiment.cells.map { .init($0.title, .trailing) },
      rows: LevelRule.allCases.map { rule in
        [rule.rawValue, rule.summary]
          + experiment.cells.map { cell in share(rule, cell).map { Format.percent($0) } ?? "–" }
      })
  }

  // MARK: Pictures

  private var validChart: LineChart {
    chart(
      "Valid levels", "levels that keep every rule",
      experiment.cells.map { cell in .init(name: cell.title, points: means(cell) { $0.validShare }) })
  }

  private var ruleChart: LineChart {
    let cell = best
    return chart(
      "Rules learned by the \(cell.title)", "levels that keep the rule",
      LevelRule.allCases.map { rule in .init(name: rule.rawValue, points: means(cell) { $0.ruleShares[rule] }) })
  }

  private func chart(_ title: String, _ vertical: String, _ series: [LineChart.Series]) -> LineChart {
    LineChart(
      title: title, horizontalTitle: "step", horizontalFormat: .wholeNumber, verticalTitle: vertical,
      verticalFormat: .percent, series: series, width: ExperimentReport.chartWidth)
  }

  /// A sound level of the best cell's first seed, and one that breaks a rule, as one sees them.
  private var maps: [(title: String, map: String)] {
    guard let samples = trials(best).first?.samples else { return [] }
    let maps = samples.compactMap { text in LevelMap(text).map { ($0, LevelRules.violations(in: $0)) } }
    let sound = maps.first { $0.1.isEmpty }.map {
      ("A level that the \(best.title) wrote and that keeps every rule.", $0.0.picture)
    }
    let broken = maps.first { !$0.1.isEmpty }.map { map, violations in
      let faults = violations.map { violation in
        "\(violation.rule.rawValue)\(violation.column.map { " at column \($0 + 1)" } ?? "")"
      }
      return ("One that does not: \(faults.joined(separator: ", ")).", map.picture)
    }
    return [sound, broken].compactMap { $0 }
  }
}
