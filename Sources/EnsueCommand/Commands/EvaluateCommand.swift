// ensue evaluate, ensue compare

import EnsueBundle
import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let evaluate = ProgramCommand(
    Command(
      "evaluate", group: "Using", "measure a trained model",
      discussion: """
        Without --data the run's own data is used. A classifier reads labelled sentences; a language model reads a \
        text or a corpus, and predicts each of its tokens once; a translation model reads pairs (--data SOURCE,TARGET or a \
        table), and its translations are scored as sacreBLEU does.
        """,
      examples: [
        CommandExample("on the run's own test data", "ensue evaluate runs/bilstm"),
        CommandExample("on another file", "ensue evaluate runs/bilstm --data test.tsv"),
        CommandExample(
          "a language model that goes on learning while it reads", "ensue evaluate runs/ptb --dynamic-rate 0.1"),
      ],
      positionals: [Positional("RUN", .path, .one, "a run folder or a bundle")],
      options: evaluateOptions + LanguageEvaluation.options + TranslationRunEvaluation.options,
      settings: ClassificationConfiguration.dataTable.options)
  ) { arguments, output in
    let path = arguments.positional("RUN") ?? ""
    var configuration = ClassificationConfiguration()
    try ClassificationConfiguration.dataTable.apply(arguments, to: &configuration)
    let part = arguments.text("part").flatMap(LabelledInput.Part.init) ?? .test
    let task = BundleTaskKind(at: path)
    try EvaluationOptions.refuse(arguments, for: task)
    if task == .language {
      return try output.write(LanguageEvaluation.result(arguments, path, part, configuration.data))
    }
    if task == .translate {
      return try output.write(TranslationRunEvaluation.result(arguments, path, part, configuration.data))
    }
    let bundle = try ClassifierBundle(contentsOf: path)
    let usesOwnData = configuration.data == ClassificationConfiguration().data
    let dataset =
      try usesOwnData
      ? LabelledInput.load(RunFolder(path), part: part, for: bundle)
      : LabelledInput.load(configuration.data, part: part, for: bundle)
    let evaluation = try arguments.withThreads { ClassificationEvaluation(of: bundle, on: dataset) }
    if arguments.flag("json") {
      try output.writeLine(EvaluationText.json(evaluation.record, of: path, on: dataset, bundle).description)
    } else {
      try output.write(EvaluationText.text(evaluation.record, width: Terminal.width))
    }
  }

  private static let evaluateOptions: [CommandOption] = [
    .value("part", .choice(LabelledInput.Part.allCases.map(\.rawValue)), default: "test", "which part of the data"),
    .flag("json", "one JSON object"), .threads,
  ]

  static let compare = ProgramCommand(
    Command(
      "compare", group: "Using", "runs side by side",
      discussion:
        "Accuracy, macro F1, macro recall, parameters and training time; runs that differ in their seed alone are also shown as mean and spread.",
      examples: [
        CommandExample(
          "a table, and a page with curves and confusion matrices", "ensue compare runs/* --report report.html")
      ],
      positionals: [Positional("RUN", .path, .oneOrMore, "run folders")],
      options: [
        .flag("json", "an array of JSON objects"), .flag("markdown", "a Markdown table"),
        .value("report", .path, placeholder: "FILE", "write an HTML page"),
      ])
  ) { arguments, output in
    if arguments.flag("json") && arguments.flag("markdown") {
      throw Failure(.usage, "--json or --markdown expected, found both")
    }
    let records = try arguments.positionals("RUN").map { try FinishedRun.record(RunFolder($0)) }
    let report = ComparisonReport(runs: records)
    if let path = arguments.text("report") { try OutputFile.write(report.html, to: path) }
    if arguments.flag("json") {
      try output.write(report.json)
    } else {
      try output.write(arguments.flag("markdown") ? report.markdown : report.text(width: Terminal.width))
    }
  }
}

/// The options that the models of one task have alone.
private enum EvaluationOptions {
  /// - Throws: `Failure` of kind `usage` where a model is given what only those of another task have.
  static func refuse(_ arguments: ParsedArguments, for task: BundleTaskKind?) throws {
    for (owner, names) in [
      (BundleTaskKind.language, LanguageEvaluation.names), (.translate, TranslationRunEvaluation.names),
    ] where task != owner {
      guard let name = names.first(where: { arguments.isGiven($0) }) else { continue }
      throw Failure(
        .usage, at: "--\(name)", "\(owner.title) expected, found \((task ?? .classify).title)")
    }
  }
}

/// The result of an evaluation as text.
enum EvaluationText {
  static func text(_ record: EvaluationRecord, width: Int) -> String {
    let metrics = record.metrics
    let lines = [
      "loss          \(Format.fixed(record.loss, places: 4))", "accuracy      \(Format.percent(metrics.accuracy))",
      "macro F1      \(Format.percent(metrics.macroF1))", "macro recall  \(Format.percent(metrics.macroRecall))",
      "sentences     \(Format.count(metrics.count))",
    ]
    return lines.joined(separator: "\n") + "\n\n" + TextTable(classesOf: metrics).text(width: width)
  }

  /// The object that `compare --json` has for a run, with the figures of this evaluation.
  static func json(
    _ record: EvaluationRecord, of path: String, on dataset: LabelledDataset, _ bundle: ClassifierBundle
  ) -> JSONValue {
    let run = try? FinishedRun.record(RunFolder(path))
    return RunRecord(
      name: RunFolder(path).name, model: run?.model ?? bundle.architecture.kind.title, dataset: dataset.name,
      seed: run?.seed, split: .test, summary: record.summary,
      parameters: AnyTextClassifier(bundle.model).trainedCount, trainingSeconds: run?.trainingSeconds ?? .nan,
      epochs: run?.epochs ?? 0, stopReason: run?.stopReason
    ).json
  }
}
