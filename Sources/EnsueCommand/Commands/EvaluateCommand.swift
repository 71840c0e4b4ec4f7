// ensue evaluate, ensue compare

import EnsueBundle
import EnsueFiles
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let evaluate = ProgramCommand(
    Command(
      "evaluate", group: "Using", "measure a trained model",
      discussion: """
        Without --data the run's own data is used. A classifier reads labelled sentences; a language model reads a \
        text or a corpus, and predicts each of its tokens once; a translation model reads pairs (--data SOURCE,TARGET or a \
        table), and its translations are scored as sacreBLEU does; a model of piano rolls reads a file of pieces, of \
        which --part is taken. Several classifiers, or several models of rolls, make one table. A pre-trained \
        classifier is a folder with config.json, model.safetensors and its tokenizer; where its labels are not \
        certainly those of the data, --map says what they mean.
        """,
      examples: [
        CommandExample("on the run's own test data", "ensue evaluate runs/bilstm"),
        CommandExample("on another file", "ensue evaluate runs/bilstm --data test.tsv"),
        CommandExample(
          "pre-trained classifiers side by side",
          "ensue evaluate models/a models/b --dataset mr --data MR/ --map LABEL_0=negative,LABEL_1=positive"),
        CommandExample(
          "two models of piano rolls on other pieces", "ensue evaluate runs/bach runs/small --data chorales.json"),
        CommandExample(
          "a language model that goes on learning while it reads", "ensue evaluate runs/ptb --dynamic-rate 0.1"),
      ],
      positionals: [
        Positional(
          "RUN", .path, .oneOrMore, "run folders, bundles, folders of pre-trained models or hub:ORG/NAME")
      ],
      options: evaluateOptions + LanguageEvaluation.options + TranslationRunEvaluation.options,
      settings: ClassificationConfiguration.dataTable.options)
  ) { arguments, output in
    let places = try arguments.positionals("RUN").map { try ModelPlace($0) }
    var configuration = ClassificationConfiguration()
    try ClassificationConfiguration.dataTable.apply(arguments, to: &configuration)
    let part = arguments.text("part").flatMap(LabelledInput.Part.init) ?? .test
    let tasks = places.map { BundleTaskKind(at: $0.folder) }
    for task in tasks { try EvaluationOptions.refuse(arguments, for: task) }
    if let index = tasks.firstIndex(where: { $0 == .language || $0 == .translate }) {
      guard places.count == 1 else {
        throw Failure(
          .usage, at: places[index].given,
          "classifiers, or models of piano rolls, expected where several models are named, found another",
          advice: tasks[index]?.advice ?? "")
      }
      guard !arguments.isGiven("part") || configuration.data.paths.isEmpty else {
        throw Failure(
          .usage, at: "--part", "the run's own data expected, found --data", advice: "Leave one of the two out.")
      }
      let isLanguage = tasks[index] == .language
      return try output.write(
        isLanguage
          ? LanguageEvaluation.result(arguments, places[0], part, configuration.data)
          : TranslationRunEvaluation.result(arguments, places[0], part, configuration.data))
    }
    if let index = tasks.firstIndex(of: .rolls) {
      if let other = tasks.firstIndex(where: { $0 != .rolls }) {
        throw Failure(
          .usage, at: places[other].given,
          "a model of piano rolls beside \(places[index].given) expected, found another",
          advice: tasks[other]?.advice ?? "")
      }
      return try output.write(RollRunEvaluation.result(arguments, places, part, configuration.data))
    }
    var request = MeasuredClassifier.Request()
    (request.data, request.part) = (configuration.data, part)
    request.precision = arguments.precision
    request.given = try arguments.texts("map").map {
      try LabelPair($0, places: places.map(\.given))
    }
    try output.write(ClassifierMeasuring(request).text(of: places, arguments))
  }

  private static let evaluateOptions: [CommandOption] = [
    .value("part", .choice(LabelledInput.Part.allCases.map(\.rawValue)), default: "test", "which part of the data"),
    .value(
      "map", .list, placeholder: "LABEL=LABEL,...",
      "what a pre-trained classifier's labels mean in the data; nothing after = leaves one out; RUN: before it says it"
        + " of one model"),
    .flag("json", "one JSON object; of several models an array"), .precision, .threads,
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
    if let task, task != .classify, arguments.isGiven("map") {
      throw Failure(.usage, at: "--map", "a classifier expected, found \(task.title)")
    }
    if let task, task == .translate || task == .rolls, arguments.isGiven("precision") {
      throw Failure(.usage, at: "--precision", "a classifier or a language model expected, found \(task.title)")
    }
  }
}
