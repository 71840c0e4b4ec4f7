// The pictures of a comparison.

import EnsueEvaluation

extension ComparisonReport {
  /// Narrow enough that the text of a chart stays readable on a telephone, and two stand side by side on a desk.
  private static let chartWidth = 440.0

  /// Accuracy and macro F1 by configuration, with whiskers where there are several runs; models of numbers have none.
  public var barCharts: [BarChart] {
    let measured = groups.filter { $0.runs[0].summary.kinds.contains(.accuracy) }
    guard !measured.isEmpty || groups.isEmpty else { return [] }
    return [MetricKind.accuracy, .macroF1].map { metric in
      BarChart(
        title: metric.title.prefix(1).uppercased() + metric.title.dropFirst(), format: .percent,
        bars: measured.map { .init(name: $0.name, spread: $0.spread(of: metric)) }, width: ComparisonReport.chartWidth)
    }
  }

  /// Training and validation loss, validation accuracy, and of models that draw what they read the variance of what
  /// their draws teach, by epoch; empty when no run has a curve.
  ///
  /// Up to five runs share one chart of both losses; more have one chart for each, as twelve lines cannot be told apart.
  public var lineCharts: [LineChart] {
    let runs = runs.filter { !$0.curve.isEmpty }
    guard !runs.isEmpty else { return [] }
    let sharesChart = runs.count <= 5
    var training: [LineChart.Series] = []
    var validation: [LineChart.Series] = []
    var accuracy: [LineChart.Series] = []
    var variance: [LineChart.Series] = []
    for run in runs {
      func points(_ value: (CurvePoint) -> Double?) -> [LineChart.Point] {
        run.curve.compactMap { point in value(point).map { .init(x: Double(point.epoch), y: $0) } }
      }
      training.append(
        .init(
          name: run.name, variant: sharesChart ? "training" : nil, isDashed: sharesChart,
          points: points { $0.trainingLoss }))
      let draws = points { $0.drawVariance?.withBaseline }
      if !draws.isEmpty {
        variance.append(.init(name: run.name, variant: "with baseline", points: draws))
        variance.append(
          .init(
            name: run.name, variant: "without", isDashed: true, points: points { $0.drawVariance?.withoutBaseline }))
      }
      let losses = points { $0.validationLoss }
      if losses.isEmpty { continue }
      validation.append(.init(name: run.name, variant: sharesChart ? "validation" : nil, points: losses))
      let shares = points { $0.validationAccuracy }
      if !shares.isEmpty { accuracy.append(.init(name: run.name, points: shares)) }
    }
    var charts: [LineChart] = []
    if sharesChart {
      charts.append(ComparisonReport.curves(validation.isEmpty ? "Training loss" : "Loss", validation + training))
    } else {
      charts.append(ComparisonReport.curves("Training loss", training))
      if !validation.isEmpty { charts.append(ComparisonReport.curves("Validation loss", validation)) }
    }
    if !accuracy.isEmpty { charts.append(ComparisonReport.curves("Validation accuracy", accuracy, .percent)) }
    if !variance.isEmpty { charts.append(ComparisonReport.curves("Variance of draws", variance)) }
    return charts
  }

  /// A confusion matrix for each run that has one, with the run.
  public var confusionCharts: [(run: RunRecord, chart: ConfusionChart)] {
    runs.compactMap { run in
      run.confusion.map {
        (run, ConfusionChart(title: run.name, confusion: $0, width: ComparisonReport.chartWidth))
      }
    }
  }

  private static func curves(
    _ title: String, _ series: [LineChart.Series], _ format: AxisFormat = .number
  ) -> LineChart {
    LineChart(
      title: title, horizontalTitle: "epoch", horizontalFormat: .wholeNumber, verticalTitle: "",
      verticalFormat: format, series: series, width: chartWidth, plotHeight: 250)
  }
}
