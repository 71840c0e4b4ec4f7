// The experiment with contexts in words, tables and charts.

import EnsueEvaluation
import EnsueReport

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ContextOutcome {
  public var report: ExperimentReport {
    ExperimentReport(
      title: "Size and context",
      parts: [
        .text(setup), .text(conclusion), .chart(.lines(sizeChart), file: "parameters"),
        .chart(.lines(positionChart), file: "positions"),
        .table(
          sizeTable,
          caption: """
            Held-out loss in nats a symbol; the parameters are those of the layers between embedding and output. Mean ± \
            standard deviation over seeds.
            """),
        .table(
          exponentTable,
          caption: """
            α of L = (c / x)^α, lines of least squares in logarithms, fitted for each seed: over the sizes, and over the \
            symbols read by the widest, from \(ContextOutcome.firstFitted) on. Within these sizes only: no text has a loss of 0.
            """),
      ])
  }

  private var widest: Int { experiment.widths.max() ?? 0 }
  private var length: Int { experiment.contextLength }
  /// The first symbols of a window, and the last quarter.
  private var early: Range<Int> { 0..<min(8, length) }
  private var late: Range<Int> { (3 * length / 4)..<length }

  // MARK: In words

  private var setup: String {
    let e = experiment
    let rates = e.families.map { "\($0.title) \(shortest(e.learningRates[$0] ?? .nan))" }
    return """
      \(e.families.map(\.title).joined(separator: " and ")) language models of \(Format.count(e.layerCount, "layer")) and \
      widths \(e.widths.map(String.init).joined(separator: ", ")) learn \(note), every one from the same \
      \(Format.count(e.tokenCount)) symbols: \(Format.count(e.stepLimit, "step")) of \(e.batchSize) windows of \(length) \
      symbols, each read without a past, so that position in the window is the length of the context. Adam with a cosine \
      schedule (\(rates.joined(separator: ", ")) at its peak), no dropout, \(Format.count(e.seedCount, "seed")). Losses are \
      taken on \(Format.count(e.validationCount, "window")) of held-out text.
      """
  }

  private var conclusion: String {
    let sizes = experiment.families.compactMap { family -> String? in
      guard let loss = loss(family, width: widest), let exponent = sizeExponent(family),
        let count = innerParameterCount(family, width: widest)
      else { return nil }
      return """
        the \(family.title) with the exponent \(exponent.text(places: 3)), to \(loss.text(places: 3)) nats at \
        \(Format.count(count)) parameters
        """
    }
    let positions = experiment.families.compactMap { family -> String? in
      guard let first = loss(family, width: widest, at: early), let last = loss(family, width: widest, at: late) else {
        return nil
      }
      return "the \(family.title) from \(first.text(places: 3)) to \(last.text(places: 3))"
    }
    return """
      With size the loss falls as a power: \(sizes.joined(separator: "; ")). Within the window the loss of the widest falls from \
      the first \(early.count) symbols to the last quarter: \(positions.joined(separator: "; ")). \(comparison)
      """
  }

  /// Who is better where, at equal width.
  private var comparison: String {
    func difference(_ positions: Range<Int>) -> Double? {
      guard let lstm = loss(.lstm, width: widest, at: positions),
        let transformer = loss(.transformer, width: widest, at: positions)
      else { return nil }
      return lstm.mean - transformer.mean
    }
    guard let first = difference(early), let last = difference(late) else { return "" }
    func said(_ difference: Double, _ place: String) -> String {
      let winner = difference < 0 ? ContextFamily.lstm : .transformer
      return "the \(winner.title) is ahead by \(Format.fixed(abs(difference), places: 3)) nats \(place)"
    }
    let change =
      last > first
      ? "context serves the Transformer more, as Kaplan et al. (2020) saw"
      : "at these sizes and this length of training context serves the LSTM more; Kaplan et al. (2020) saw the opposite in "
        + "far larger models"
    return """
      At equal width \(said(first, "at the beginning")), and \(said(last, "at the end")): \(change).
      """
  }

  // MARK: Tables

  private var sizeTable: TextTable {
    let sizes = experiment.families.flatMap { family in experiment.widths.map { (family, $0) } }
    let means = sizes.map { loss($0, width: $1)?.mean ?? .infinity }
    let best = means.indices.reduce(0) { means[$1] < means[$0] ? $1 : $0 }
    return TextTable(
      columns: [.init("model")]
        + ["width", "parameters", "training loss", "loss", "bits", "first \(early.count)", "last quarter"].map {
          .init($0, .trailing)
        },
      rows: sizes.map { family, width in
        let loss = loss(family, width: width)
        return [
          family.title, "\(width)", innerParameterCount(family, width: width).map { Format.count($0) } ?? "–",
          Spread(trials(family, width: width).map(\.trainingLoss))?.text(places: 3) ?? "–",
          loss?.text(places: 3) ?? "–",
          loss.map { Format.fixed(LanguageModelSummary.bits($0.mean), places: 3) } ?? "–",
          self.loss(family, width: width, at: early).map { Format.fixed($0.mean, places: 3) } ?? "–",
          self.loss(family, width: width, at: late).map { Format.fixed($0.mean, places: 3) } ?? "–",
        ]
      }, emphasized: [.init(row: best, column: 4)])
  }

  private var exponentTable: TextTable {
    TextTable(
      columns: [.init("model"), .init("over parameters", .trailing), .init("over symbols read", .trailing)],
      rows: experiment.families.map { family in
        [
          family.title, sizeExponent(family)?.text(places: 4) ?? "–",
          positionExponent(family, width: widest)?.text(places: 4) ?? "–",
        ]
      })
  }

  // MARK: Charts

  private var sizeChart: LineChart {
    LineChart(
      title: "Loss and size", horizontalTitle: "parameters between embedding and output", horizontalFormat: .logarithm,
      verticalTitle: "held-out loss, nats", verticalFormat: .logarithm,
      series: experiment.families.map { family in
        .init(
          name: family.title,
          points: experiment.widths.map { width in
            .init(
              x: log10(Double(innerParameterCount(family, width: width) ?? 0)),
              y: log10(loss(family, width: width)?.mean ?? .nan))
          })
      }, width: ExperimentReport.chartWidth)
  }

  /// The narrowest and the widest of each family.
  private var positionChart: LineChart {
    let widths = [widest, experiment.widths.min() ?? widest]
    return LineChart(
      title: "Loss and context", horizontalTitle: "symbols read", horizontalFormat: .logarithm,
      verticalTitle: "held-out loss, nats", verticalFormat: .logarithm,
      series: experiment.families.flatMap { family in
        widths.enumerated().map { index, width in
          .init(
            name: family.title, variant: "width \(width)", isDashed: index > 0,
            points: ContextOutcome.bins(length).map { bin in
              .init(x: log10(bin.readCount), y: log10(loss(family, width: width, at: bin.positions)?.mean ?? .nan))
            })
        }
      }, width: ExperimentReport.chartWidth)
  }
}
