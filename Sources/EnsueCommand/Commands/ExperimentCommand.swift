// ensue experiment, ensue demo

import EnsueBundle
import EnsueExperiments
import EnsueFiles
import EnsueModels
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let experimentWordOrder = ProgramCommand(
    Command(
      "experiment word-order", group: "Experiments", ExperimentKind.wordOrder.summary,
      options: [
        .value("seeds", .integer(1...100), placeholder: "N", default: "1", "seeds of each classifier"),
        .value("out", .path, placeholder: "FOLDER", default: "runs/word-order", "receives the runs and the page"),
        .threads, .quiet,
      ])
  ) { arguments, output in
    let folder = arguments.text("out") ?? "runs/word-order"
    let experiment = try WordOrderExperiment(seeds: arguments.integer("seeds") ?? 1, in: folder)
    let records = try arguments.withThreads { try experiment.sweep.trained(isQuiet: arguments.flag("quiet")) }
    let conclusion = WordOrderExperiment.conclusion(records)
    let report = ComparisonReport(runs: records, title: "Word order", notes: [conclusion])
    try report.write(to: folder)
    try output.write(report.text(width: Terminal.width))
    try output.write("\n" + experiment.pairTable().text(width: Terminal.width))
    StandardError.writeLine("the page is \(folder)/report.html")
  }

  static let demo = ProgramCommand(
    Command(
      "demo", group: "Experiments", "the main job on generated reviews, in under two minutes",
      discussion: """
        Trains a bag of words, mean pooling, an LSTM and a bidirectional LSTM on generated reviews in which the order \
        of the words carries the meaning, compares them, and classifies a few sentences.
        """,
      options: [
        .value("out", .path, placeholder: "FOLDER", default: "runs/demo", "receives the runs and the page"), .threads,
      ])
  ) { arguments, output in
    let folder = arguments.text("out") ?? "runs/demo"
    let experiment = try WordOrderExperiment(
      WordOrderExperiment.quick, models: [.bagOfWords, .mean, .lstm, .bilstm], in: folder)
    let records = try arguments.withThreads { try experiment.sweep.trained(isQuiet: false) }
    let report = ComparisonReport(
      runs: records, title: "Ensue's demo", notes: [WordOrderExperiment.conclusion(records)])
    try report.write(to: folder)
    try output.write(report.text(width: Terminal.width))
    guard let last = experiment.sweep.runs.last else { return }
    let bundle = try ClassifierBundle(contentsOf: last.folder.path)
    try output.writeLine("\nThe \(last.folder.name) run says:")
    try output.write(PredictionWriter(bundle: bundle, isJSON: false).lines(demoSentences))
    try output.writeLine(
      """

      The page with curves and confusion matrices: \(folder)/report.html
      Try your own: ensue predict \(last.folder.path) "the film was dull , not funny at all"
      """)
  }

  private static let demoSentences = [
    "the food was good , not bad at all", "the food was bad , not good at all",
    "the plot was dull but the acting was brilliant",
  ]
}

extension ComparisonReport {
  /// The page, and its first picture on its own.
  fileprivate func write(to folder: String) throws {
    try OutputFile.write(html, to: "\(folder)/report.html")
    if let accuracy = barCharts.first { try OutputFile.write(accuracy.svg, to: "\(folder)/accuracy.svg") }
  }
}
