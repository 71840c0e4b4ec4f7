// report.html of a translation run: its figures, how it learned, what it wrote at the end, and what it looked at.

import EnsueBundle
import EnsueDecoding
import EnsueEvaluation
import EnsueExperiments
import EnsueFiles
import EnsueReport
import EnsueTasks
import EnsueText

/// The page of a run.
struct TranslationPage {
  private let folder: RunFolder
  private let record: TranslationRunRecord
  /// Pairs whose attention is drawn.
  private static let readingLimit = 2
  private static let chartWidth = 520.0

  init(_ folder: RunFolder, _ record: TranslationRunRecord) { (self.folder, self.record) = (folder, record) }

  func write() throws {
    let samples = try TranslationSample.read(from: folder, validation: record.best.epoch)
    var parts: [ExperimentReport.Part] = [
      .table(figures, caption: weights),
      .chart(.lines(lossChart), file: "loss"),
    ]
    if let chart = scoreChart { parts.append(.chart(.lines(chart), file: "scores")) }
    if !samples.isEmpty {
      parts.append(
        .listing(samples.map(\.lines).joined(separator: "\n\n"), caption: "Translations of validation pairs."))
    }
    // Where nothing was to be written while the run trained, what it looks at is shown all the same.
    let sources = samples.isEmpty ? TranslationDataFile.validationSources(of: folder) : samples.map(\.source)
    if let chart = try alignments(sources) { parts.append(.chart(.weightMaps(chart), file: "attention")) }
    let report = ExperimentReport(title: "\(record.name): \(record.model)", parts: parts)
    try OutputFile.write(report.html, to: folder.report)
  }

  private var weights: String {
    record.averagedCount > 1
      ? "The mean of the weights of \(record.averagedCount) validations; figures of the best, \(record.best.epoch)."
      : "The weights that were kept: validation \(record.best.epoch)."
  }

  private var figures: TextTable {
    let rows = [("validation", record.best.validation)] + (record.test.map { [("test", $0)] } ?? [])
    let kinds = TranslationMetricKind.allCases.filter { kind in rows.contains { $0.1.scores[kind] != nil } }
    return TextTable(
      columns: [TextTable.Column("part")]
        + (["loss", "perplexity", "accuracy"] + kinds.map(\.title)).map { TextTable.Column($0, .trailing) },
      rows: rows.map { name, summary in
        [
          name, Format.fixed(summary.loss, places: 4), Format.fixed(summary.perplexity, places: 2),
          Format.percent(summary.accuracy),
        ] + kinds.map { kind in summary.scores[kind].map { Format.fixed($0, places: 2) } ?? "" }
      })
  }

  private var lossChart: LineChart {
    func series(_ name: String, isDashed: Bool, _ value: (TranslationEpoch) -> Double) -> LineChart.Series {
      LineChart.Series(
        name: record.name, variant: name, isDashed: isDashed,
        points: record.epochs.map { LineChart.Point(x: Double($0.step), y: value($0)) })
    }
    return LineChart(
      title: "Loss", horizontalTitle: "step", horizontalFormat: .wholeNumber, verticalTitle: "nats per symbol",
      series: [
        series("validation", isDashed: false) { $0.validation.loss },
        series("training", isDashed: true) { $0.trainingLoss },
      ], width: TranslationPage.chartWidth)
  }

  private var scoreChart: LineChart? {
    let kinds: [TranslationMetricKind] = [.bleu, .chrf, .exactMatch]
    let series = kinds.compactMap { kind -> LineChart.Series? in
      let points = record.epochs.compactMap { epoch in
        epoch.validation.scores[kind].map { LineChart.Point(x: Double(epoch.step), y: $0) }
      }
      return points.isEmpty ? nil : LineChart.Series(name: kind.title, points: points)
    }
    guard !series.isEmpty else { return nil }
    return LineChart(
      title: "Translations of the validation sentences", horizontalTitle: "step", horizontalFormat: .wholeNumber,
      verticalTitle: "score", series: series, width: TranslationPage.chartWidth)
  }

  private func alignments(_ sources: [String]) throws -> WeightMapChart? {
    guard !sources.isEmpty else { return nil }
    let bundle = try TranslationBundle(contentsOf: folder.bundle)
    guard bundle.isAttentive else { return nil }
    var translator = TextTranslator(model: bundle.model, codecs: bundle.codecs, search: .greedy)
    // These sentences were accepted when they were loaded; a picture has no room for long ones.
    translator.sourceLimit = .max
    let shown = sources.filter { (1...WeightMapChart.limit).contains(bundle.codecs.source.encode($0).count) }
    let readings = try shown.prefix(TranslationPage.readingLimit).map { source in
      try translator.reading(
        TranslationInput(source, place: "a validation sample"), target: nil, headCount: bundle.headCount)
    }
    if readings.isEmpty { return nil }
    return AlignmentWriter.chart(readings)
  }
}
