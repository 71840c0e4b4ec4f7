// What the laboratory found: the table and the charts. The questions and their answers stand in a file of their own.

import EnsueEvaluation
import EnsueModels
import EnsueReport
import EnsueTasks

/// All runs, and what they show.
public struct LabOutcome: ExperimentOutcome {
  public let trials: [LabTrial]

  /// What was trained, in the order of the runs.
  public var entries: [LabEntry] {
    trials.map(\.entry).reduce(into: []) { entries, entry in if !entries.contains(entry) { entries.append(entry) } }
  }

  /// Of the runs that did not diverge.
  func records(_ entry: LabEntry) -> [RunRecord] {
    trials.filter { $0.entry == entry }.compactMap(\.record)
  }

  /// The name in tables; with the number of layers where there are several.
  func title(_ entry: LabEntry) -> String {
    switch entry {
    case .made(let kind): records(entry).first?.model ?? kind.title
    case .pretrained(let path): records(entry).first?.model ?? path
    case .measured(let name): "\(name), as it is"
    }
  }

  /// A figure over seeds.
  public func spread(_ entry: LabEntry, _ metric: MetricKind) -> Spread? {
    Spread(records(entry).map { metric.value(in: $0) })
  }

  public var report: ExperimentReport {
    var parts: [ExperimentReport.Part] = [
      .text(setup), .text(conclusion), .table(table, caption: caption), .chart(.bars(bars), file: "accuracy"),
      .chart(.lines(curves), file: "validation"),
    ]
    for answer in answers { parts.append(.text(answer)) }
    return ExperimentReport(title: "The laboratory's classifiers", parts: parts)
  }

  // MARK: In words

  private var setup: String {
    guard let trial = trials.first(where: { $0.record != nil && !$0.entry.isMeasured }), let record = trial.record
    else {
      return "No run has ended."
    }
    let configuration = trial.configuration
    let seeds = entries.map { entry in trials.count { $0.entry == entry } }.max() ?? 0
    let tuned = entries.count { $0.isTuned }
    let sample = trials.first { $0.entry.isTuned }?.configuration.data.sampleSize
    let tuning =
      tuned == 0
      ? ""
      : " \(tuned) of them came pre-trained, with a vocabulary of their own, and are fine-tuned by the usual defaults"
        + (sample.map { " on \($0) sentences of each part." } ?? ".")
    let measured = entries.count { $0.isMeasured }
    let measuring =
      measured == 0 ? "" : " \(measured) of them came trained for the task, and are measured as they are."
    let vectors =
      configuration.embedding.paths.isEmpty
      ? "random word vectors of \(configuration.model.embeddingSize) features"
      : "word vectors begun from \(configuration.embedding.paths.joined(separator: ", "))"
    return """
      \(Format.count(entries.count, "classifier")) on \(record.dataset), \(Format.count(seeds, "seed")) each, \(vectors)\
      \(configuration.model.trainsEmbedding ? ", trained further" : ""). \
      \(Format.percent(configuration.data.validationFraction, places: 0)) of the training data decide which weights are \
      kept (by \(configuration.training.metric.title)) and when to stop (\(configuration.training.patience) epochs without \
      improvement, at most \(configuration.training.epochs) in all).\
      \(tuning)\(measuring) Figures are those of the \(record.split.rawValue) data, \(Format.count(record.summary.count, "sentence")).
      """
  }

  private var caption: String {
    let heads = [LabEntry.made(.multiHeadAttention), .made(.transformer)].compactMap { entry in
      trials.first { $0.entry == entry }.map { "\($0.configuration.model.headCount) in \(title(entry))" }
    }
    return """
      Mean ± standard deviation over seeds. Macro figures are means over the classes. Loss: the mean cross-entropy in \
      nats. Parameters: those that are trained. Seconds: of training; classifiers made here train beside each other, a thread each.\
      \(entries.contains { $0.isMeasured } ? " Of a model that is measured as it is: all of them, and no time." : "")\
      \(heads.isEmpty ? "" : " Heads of attention: \(heads.joined(separator: ", ")).")
      """
  }

  private var conclusion: String {
    let ranked = entries.filter { !records($0).isEmpty }.sorted {
      (spread($0, .accuracy)?.mean ?? 0) > (spread($1, .accuracy)?.mean ?? 0)
    }
    guard let best = ranked.first, let accuracy = spread(best, .accuracy) else { return "" }
    let alike = ranked.dropFirst().filter { !(difference($0, best)?.isClear ?? false) }
    let worse = ranked.dropFirst().filter { difference($0, best)?.isClear ?? false }
    func named(_ entries: [LabEntry]) -> String {
      entries.map { entry in
        "\(title(entry)) (\(spread(entry, .accuracy).map { Format.percent($0.mean) } ?? "–"))"
      }.joined(separator: ", ")
    }
    let close = alike.isEmpty ? "no other is as good" : "not clearly worse are \(named(alike))"
    let behind = worse.isEmpty ? "" : "; clearly worse are \(named(worse))"
    let lost = trials.count { $0.record == nil }
    // A model that is measured as it is has an infinite loss where its labels lack a class.
    let trained = trials.filter { !$0.entry.isMeasured }
    let diverged = lost + trained.compactMap(\.record).count { !$0.loss.isFinite }
    let others = lost == 0 ? "" : "; figures are over the others"
    let accidents = diverged == 0 ? "" : " \(Format.count(diverged, "run")) diverged\(others)."
    return """
      The most accurate is \(title(best)) with \(Format.percent(accuracy)); \(close)\(behind). Clear means by more than two \
      standard errors, of seeds and of test sentences together.\(accidents)
      """
  }

  /// How much more accurate one classifier is than another, and whether that is more than two standard errors: of the
  /// means over seeds, and of shares of the test sentences as if each had its own.
  func difference(_ entry: LabEntry, _ other: LabEntry) -> (points: Double, isClear: Bool)? {
    guard let a = spread(entry, .accuracy), let b = spread(other, .accuracy) else { return nil }
    func square(_ spread: Spread, _ entry: LabEntry) -> Double {
      let deviation = spread.standardDeviation ?? 0
      let count = Double(max(1, records(entry).first?.summary.count ?? 1))
      return deviation * deviation / Double(spread.count) + spread.mean * (1 - spread.mean) / count
    }
    let error = (square(a, entry) + square(b, other)).squareRoot()
    let points = a.mean - b.mean
    return (points * 100, abs(points) > 2 * error)
  }

  // MARK: Table and charts

  private var table: TextTable {
    let metrics: [MetricKind] = [.accuracy, .macroF1, .macroRecall, .loss]
    let rows = entries.map { entry -> [String] in
      let seconds = Spread(records(entry).map(\.trainingSeconds))
      return [title(entry)]
        + metrics.map { metric in
          spread(entry, metric).map { metric.isShare ? Format.percent($0) : $0.text(places: 3) } ?? "–"
        } + [
          records(entry).first?.parameters.map { Format.count($0) } ?? "–",
          seconds.map { $0.mean.isNaN ? "–" : $0.text(places: 1) } ?? "–",
        ]
    }
    var best: Set<TextTable.Position> = []
    for (column, metric) in metrics.enumerated() {
      let means = entries.map { spread($0, metric)?.mean ?? .nan }
      let row = means.indices.reduce(0) { metric.isBetter(means[$1], than: means[$0]) ? $1 : $0 }
      if means.count > 1 { best.insert(.init(row: row, column: column + 1)) }
    }
    return TextTable(
      columns: [.init("classifier")] + metrics.map { .init($0.title, .trailing) } + [
        .init("parameters", .trailing), .init("seconds", .trailing),
      ], rows: rows, emphasized: best)
  }

  private var bars: BarChart {
    BarChart(
      title: "Accuracy", format: .percent,
      bars: entries.compactMap { entry in spread(entry, .accuracy).map { .init(name: title(entry), spread: $0) } },
      width: ExperimentReport.chartWidth)
  }

  /// One of each family: more lines than there are colours could not be told apart.
  private static let drawn = [
    ClassifierKind.bagOfWords, .meanMax, .lstm, .bilstm, .selfAttention, .multiHeadAttention, .transformer,
  ].map { LabEntry.made($0) }

  private var curves: LineChart {
    LineChart(
      title: "Validation loss", horizontalTitle: "epoch", horizontalFormat: .wholeNumber,
      verticalTitle: "cross-entropy, mean over the seeds that go on",
      series: LabOutcome.drawn.filter { !records($0).isEmpty }.map { .init(name: title($0), points: points($0)) },
      width: ExperimentReport.chartWidth)
  }

  private func points(_ entry: LabEntry) -> [LineChart.Point] {
    let curves = records(entry).map(\.curve)
    return Set(curves.joined().map(\.epoch)).sorted().map { epoch in
      let losses = curves.compactMap { $0.first { $0.epoch == epoch }?.validationLoss }
      return .init(x: Double(epoch), y: losses.reduce(0, +) / Double(losses.count))
    }
  }
}
