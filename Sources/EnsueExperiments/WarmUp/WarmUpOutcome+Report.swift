// The warm-up experiment in words, tables and charts.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueReport
import EnsueTraining

extension WarmUpOutcome {
  public var report: ExperimentReport {
    let kinds = TextTable(
      columns: [.init("beginning"), .init("what it does")], rows: experiment.warmUps.map { [$0.title, $0.summary] })
    var parts: [ExperimentReport.Part] = [.text(setup), .text(conclusion)]
    for (table, caption) in tables { parts.append(.table(table, caption: caption)) }
    for norm in experiment.norms { parts.append(.chart(.lines(curves(norm)), file: "losses-\(norm.rawValue)")) }
    for norm in experiment.norms { parts.append(.chart(.bars(bars(norm)), file: "accuracies-\(norm.rawValue)")) }
    parts.append(.table(kinds, caption: "Ways to begin: factors of the learning rate at step t."))
    return ExperimentReport(title: "Warm-up of Transformers", parts: parts)
  }

  private var setup: String {
    let e = experiment
    let parameters = trials.first.map { " (\(Format.count($0.parameterCount)) parameters)" } ?? ""
    return """
      \(Format.count(e.layerCount, "encoder block")) of width \(e.width) with \(Format.count(e.headCount, "head")) and \
      \(e.feedForwardSize) features inside the feed-forward layers\(parameters) learn to give back \(task). Adam with \
      β₂ = \(shortest(e.training.optimizer.beta2)) and a learning rate of \
      \(shortest(e.training.optimizer.learningRate)), \(Format.count(e.training.stepLimit)) steps of \
      \(e.training.batchSize) sequences, no clipping, no dropout, \(Format.count(e.seedCount, "seed")). The warm-ups that \
      take a number have w = \(e.warmUpSteps). Post-norm and pre-norm blocks begin with Glorot's weights, blocks without \
      norms with T-Fixup's. Who guesses is right in \(Format.percent(chance)) of the answers, with a loss of \
      \(Format.significant(baseline.loss)) (\(baseline.meaning)).
      """
  }

  /// A row for each way to begin, a column for each kind of block.
  private var tables: [(TextTable, caption: String)] {
    let goal = Format.percent(WarmUpOutcome.goal, places: 0)
    return [
      (
        table(emphasizesLargest: { self.meanAccuracy($0, $1)?.mean }) { norm, warmUp in
          meanAccuracy(norm, warmUp).map { Format.percent($0) }
        },
        """
        Right answers in the mean over all validations of a run, so that learning early counts; nothing is right after a \
        run has diverged. Mean ± standard deviation over seeds, new sequences.
        """
      ),
      (
        table { norm, warmUp in lastAccuracy(norm, warmUp).map { Format.percent($0) } },
        "Right answers at the end."
      ),
      (
        table { norm, warmUp in
          divergedCount(norm, warmUp) > 0 ? nil : lastLoss(norm, warmUp)?.text(places: 3)
        }, "Validation loss at the end; none where a run diverged."
      ),
      (
        table { norm, warmUp in steps(toAccuracy: WarmUpOutcome.goal, norm, warmUp)?.text(places: 0) },
        "The first validation with \(goal) right answers, over the runs that got there."
      ),
      (
        table { norm, warmUp in
          let counts = [
            solvedCount(norm, warmUp), failedCount(norm, warmUp), divergedCount(norm, warmUp),
          ]
          return counts.map(String.init).joined(separator: " / ")
        },
        """
        How many of \(Format.count(experiment.seedCount, "run")) reached \(goal) / were never better than chance, which is \
        at most \(Format.percent(chanceLimit)), four standard errors above guessing / diverged.
        """
      ),
    ]
  }

  private func table(
    emphasizesLargest value: ((NormPlacementKind, WarmUpKind) -> Double?)? = nil,
    _ text: (NormPlacementKind, WarmUpKind) -> String?
  ) -> TextTable {
    var best: Set<TextTable.Position> = []
    for (column, norm) in experiment.norms.enumerated() {
      let values = experiment.warmUps.map { value?(norm, $0) ?? -.infinity }
      if value != nil, let row = values.indices.max(by: { values[$0] < values[$1] }) {
        best.insert(.init(row: row, column: column + 1))
      }
    }
    return TextTable(
      columns: [.init("beginning")] + experiment.norms.map { .init($0.blockTitle, .trailing) },
      rows: experiment.warmUps.map { warmUp in
        [warmUp.title] + experiment.norms.map { text($0, warmUp) ?? "–" }
      }, emphasized: best)
  }

  // MARK: In words

  private var conclusion: String {
    (experiment.norms.compactMap(without) + [remedies, comparison].compactMap { $0 }).joined(separator: " ")
  }

  /// How one kind of block does with the whole learning rate from the first step on.
  private func without(_ norm: NormPlacementKind) -> String? {
    guard let last = lastAccuracy(norm, .none), let mean = meanAccuracy(norm, .none) else { return nil }
    let (failed, diverged) = (failedCount(norm, .none), divergedCount(norm, .none))
    let solved = solvedCount(norm, .none)
    let accidents = [
      "\(solved) of \(last.count) ever reached \(Format.percent(WarmUpOutcome.goal, places: 0))",
      failed > 0 ? "\(failed) never better than chance" : nil,
      diverged > 0 ? "\(diverged) diverged" : nil,
    ].compactMap { $0 }
    return """
      Without a warm-up, \(norm.blockTitle) ends with \(Format.percent(last)) right answers (over the run \
      \(Format.percent(mean))): \(accidents.joined(separator: ", ")).
      """
  }

  /// What helps post-norm.
  private var remedies: String? {
    let norm = NormPlacementKind.post
    let tried = experiment.warmUps.filter { $0 != .none }
    guard experiment.norms.contains(norm), experiment.warmUps.contains(.none), !tried.isEmpty else { return nil }
    let gains = tried.map { ($0, gain(of: $0, over: .none, norm)) }
    if gains.contains(where: { $0.1 == nil }) {
      let figures = tried.compactMap { warmUp in
        meanAccuracy(norm, warmUp).map { "\(warmUp.title) \(Format.percent($0))" }
      }
      return
        "With post-norm, accuracy over the run: \(figures.joined(separator: ", ")); one seed cannot tell them apart."
    }
    func told(_ words: String, _ holds: (Double) -> Bool) -> String? {
      let found = gains.filter { holds($0.1 ?? 0) }.map { warmUp, gain in
        (gain ?? 0) == 0 ? warmUp.title : "\(warmUp.title) (\(WarmUpOutcome.points(gain ?? 0)))"
      }
      return found.isEmpty ? nil : "\(words) \(found.joined(separator: ", "))"
    }
    let groups = [
      told("helped by", { $0 > 0 }), told("hurt by", { $0 < 0 }), told("not clearly changed by", { $0 == 0 }),
    ]
    return """
      Accuracy over the run of post-norm is \(groups.compactMap { $0 }.joined(separator: "; ")), clear meaning above two \
      standard errors.
      """
  }

  /// Whether post-norm alone needs a warm-up here.
  private var comparison: String? {
    guard let post = meanAccuracy(.post, .none) else { return nil }
    let others = experiment.norms.filter { $0 != .post }.compactMap { norm in
      meanAccuracy(norm, .none).map { (norm, $0) }
    }
    guard !others.isEmpty else { return nil }
    let names = others.map(\.0.blockTitle).joined(separator: " and ")
    guard others.allSatisfy({ $0.1.mean > post.mean + 0.05 }) else {
      return """
        So these runs do not show that post-norm needs a warm-up more than \(names): deeper blocks or a larger learning \
        rate might bring it out.
        """
    }
    let failing = solvedCount(.post, .none) == 0 && others.allSatisfy { solvedCount($0.0, .none) == $0.1.count }
    return """
      So at this depth and learning rate post-norm \(failing ? "fails" : "lags") without a warm-up, where \(names) \
      \(failing ? "learn the task" : "do better").
      """
  }

  private static func points(_ gain: Double) -> String {
    "\(gain < 0 ? "−" : "+")\(Format.fixed(abs(gain) * 100, places: 1)) points"
  }

  // MARK: Charts

  private func curves(_ norm: NormPlacementKind) -> LineChart {
    LineChart(
      title: "Validation loss, \(norm.blockTitle)", horizontalTitle: "step", horizontalFormat: .wholeNumber,
      verticalTitle: "cross-entropy, mean over runs that go on, at most \(shortest(lossLimit))",
      series: experiment.warmUps.map { .init(name: $0.title, points: points(norm, $0)) },
      width: ExperimentReport.chartWidth)
  }

  /// A loss above guessing's hides the others.
  private var lossLimit: Double { (baseline.loss * 15).rounded(.up) / 10 }

  /// The mean over the runs that have not diverged; a run that did leaves the mean.
  private func points(_ norm: NormPlacementKind, _ warmUp: WarmUpKind) -> [LineChart.Point] {
    let curves = trials(norm, warmUp).map { $0.curve.filter { $0.validationLoss.isFinite } }
    let steps = Set(curves.joined().map(\.step)).sorted()
    return steps.map { step in
      let losses = curves.compactMap { curve in
        curve.first { $0.step == step }.map { min($0.validationLoss, lossLimit) }
      }
      return .init(x: Double(step), y: losses.reduce(0, +) / Double(losses.count))
    }
  }

  private func bars(_ norm: NormPlacementKind) -> BarChart {
    BarChart(
      title: "Mean accuracy over the run, \(norm.blockTitle)", format: .percent,
      bars: experiment.warmUps.compactMap { warmUp in
        meanAccuracy(norm, warmUp).map { .init(name: warmUp.title, spread: $0) }
      }, width: ExperimentReport.chartWidth)
  }
}
