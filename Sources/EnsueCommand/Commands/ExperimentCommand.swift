// ensue experiment, ensue demo

import EnsueBundle
import EnsueExperiments
import EnsueFiles
import EnsueModels
import EnsueReport
import EnsueTasks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ProgramCommand {
  /// The experiments, in the order of `ExperimentKind`.
  static let experiments = ExperimentKind.allCases.map(experiment)

  private static func experiment(_ kind: ExperimentKind) -> ProgramCommand {
    switch kind {
    case .wordOrder: experimentWordOrder
    case .latch:
      reported(
        kind, "20 trials of four learners at eight lengths up to 150 steps",
        "lengths up to 300, 100 trials, 5,000 steps",
        seedsHelp: "trials of each learner at each length"
      ) { arguments in
        var experiment = LatchExperiment(try arguments.experimentSize())
        experiment.trialCount = arguments.integer("seeds") ?? experiment.trialCount
        return experiment
      }
    case .vanishingGradient:
      reported(kind, "32 units, 100 steps, 3 seeds", "100 units, 200 steps, 10 seeds, 20,000 training steps") {
        arguments in
        var experiment = GradientNormExperiment(try arguments.experimentSize())
        experiment.seedCount = arguments.integer("seeds") ?? experiment.seedCount
        experiment.clippedSeedCount = arguments.integer("seeds") ?? experiment.clippedSeedCount
        return experiment
      }
    case .odyssey:
      reported(
        kind, "32 units, 3 seeds, adding over 40 steps, copying 4 symbols over 15",
        "128 units, 10 seeds, adding and copying over 100 steps", readsChorales: true
      ) { arguments in
        var experiment = OdysseyExperiment(try arguments.experimentSize(), chorales: try arguments.chorales())
        experiment.seedCount = arguments.integer("seeds") ?? experiment.seedCount
        return experiment
      }
    case .regularisers:
      reported(
        kind, "64 units, 24 chorales, 3 seeds", "400 units, all chorales, 10 seeds", readsChorales: true
      ) { arguments in
        var experiment = RegularizerExperiment(try arguments.experimentSize(), chorales: try arguments.chorales())
        experiment.seedCount = arguments.integer("seeds") ?? experiment.seedCount
        return experiment
      }
    case .warmup:
      reported(
        kind, "6 blocks of width 32, 3 seeds, 400 steps on reversing 10 symbols",
        "18 blocks of width 128, 5 seeds, 5,000 steps"
      ) { arguments in
        var experiment = WarmUpExperiment(try arguments.experimentSize())
        experiment.seedCount = arguments.integer("seeds") ?? experiment.seedCount
        return experiment
      }
    case .attentionZoo:
      reported(
        kind, "55 pairs on reversing 8 symbols, 3 seeds, 1,500 steps",
        "20 symbols, width 64, 5 seeds, 5,000 steps"
      ) { arguments in
        var experiment = AttentionZooExperiment(try arguments.experimentSize())
        experiment.seedCount = arguments.integer("seeds") ?? experiment.seedCount
        return experiment
      }
    case .lab: experimentLab
    case .context:
      reported(
        kind, "4 widths of each family up to 128, windows of 256, 2.5 million characters, 3 seeds",
        "5 widths up to 512, windows of 512, 160 million characters", readsText: true
      ) { arguments in
        var experiment = ContextExperiment(
          try arguments.experimentSize(), text: arguments.text("data").map { .file($0) } ?? .generated)
        experiment.seedCount = arguments.integer("seeds") ?? experiment.seedCount
        return experiment
      }
    case .levels:
      reported(
        kind, "three cells of 128 units, 3 seeds, 3,000 steps of 8 levels",
        "2 layers of 256 units, 5 seeds, 20,000 steps"
      ) { arguments in
        var experiment = LevelsExperiment(try arguments.experimentSize())
        experiment.seedCount = arguments.integer("seeds") ?? experiment.seedCount
        return experiment
      }
    case .contextVector:
      reported(
        kind, "64 units, 3 seeds, 3,000 steps on reversing 4 to 24 symbols; of Multi30k 128 units, 2,000 steps",
        "256 units, 5 seeds, 30,000 steps on up to 60 symbols; of Multi30k 512 units, 15,000 steps", readsPairs: true
      ) { arguments in
        var experiment = ContextVectorExperiment(try arguments.experimentSize(), folder: arguments.text("data"))
        experiment.seedCount = arguments.integer("seeds") ?? experiment.seedCount
        return experiment
      }
    case .scheduledSampling:
      reported(
        kind, "64 units, 5 seeds, 3,000 steps on sums of numbers of up to 3 digits",
        "256 units, 10 seeds, 30,000 steps on up to 5 digits"
      ) { arguments in
        var experiment = SamplingExperiment(try arguments.experimentSize())
        experiment.seedCount = arguments.integer("seeds") ?? experiment.seedCount
        return experiment
      }
    case .miniBatch:
      reported(
        kind,
        "64 units, 2 seeds, 3,000 updates on sums of numbers of up to 6 digits; of Multi30k 128 units, 600 updates",
        "256 units, 3 seeds, 20,000 updates on up to 10 digits; of Multi30k 512 units, 10,000 updates", readsPairs: true
      ) { arguments in
        var experiment = MiniBatchExperiment(try arguments.experimentSize(), folder: arguments.text("data"))
        experiment.seedCount = arguments.integer("seeds") ?? experiment.seedCount
        return experiment
      }
    }
  }

  /// The command of an experiment that keeps no run folders: it runs, prints its report and writes the page.
  private static func reported(
    _ kind: ExperimentKind, _ standard: String, _ paper: String,
    seedsHelp: String = "seeds of everything that is trained",
    readsChorales: Bool = false, readsText: Bool = false, readsPairs: Bool = false,
    _ make: @escaping @Sendable (ParsedArguments) throws -> some Experiment
  ) -> ProgramCommand {
    let folder = "runs/\(kind.rawValue)"
    let data = CommandOption.value(
      "data", .path, placeholder: "FILE",
      "the JSB chorales, a JSON file or the folder that holds it; else those in the folder ENSUE_DATA, else generated ones"
    )
    let text = CommandOption.value(
      "data", .path, placeholder: "FILE", "a text to read instead of generated pages; its last tenth is held out")
    let pairs = CommandOption.value(
      "data", .path, placeholder: "FOLDER", "that of Multi30k, to read instead of generated pairs")
    return ProgramCommand(
      Command(
        "experiment \(kind.rawValue)", group: "Experiments", kind.summary,
        discussion: """
          Prints what was found and writes report.html with its charts. Sizes: quick takes seconds and shows the \
          direction only; standard takes minutes on two cores (\(standard)); paper takes hours (\(paper)).
          """,
        options: [
          .experimentSize, .value("seeds", .integer(1...1000), placeholder: "N", default: "by size", seedsHelp),
        ] + (readsChorales ? [data] : []) + (readsText ? [text] : []) + (readsPairs ? [pairs] : []) + [
          .value("out", .path, placeholder: "FOLDER", default: folder, "receives the page and the charts"), .threads,
          .quiet,
        ])
    ) { arguments, output in
      let folder = arguments.text("out") ?? folder
      let experiment = try make(arguments)
      // Not after hours of training.
      try ExperimentReport.checkPlace(folder)
      let report = try arguments.withThreads { try experiment.shown(isQuiet: arguments.flag("quiet")) }
      try report.write(to: folder)
      try output.write(report.text(width: Terminal.width))
      StandardError.writeLine("the page is \(folder)/report.html")
    }
  }

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
    let records = try arguments.withThreads {
      try SweepTraining(experiment.sweep, isQuiet: arguments.flag("quiet")).records()
    }
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
    let records = try arguments.withThreads { try SweepTraining(experiment.sweep, isQuiet: false).records() }
    let report = ComparisonReport(
      runs: records, title: "Ensue's demo", notes: [WordOrderExperiment.conclusion(records)])
    try report.write(to: folder)
    try output.write(report.text(width: Terminal.width))
    guard let last = experiment.sweep.runs.last else { return }
    let bundle = try ClassifierBundle(contentsOf: last.folder.path)
    try output.writeLine("\nThe \(last.folder.name) run says:")
    try output.write(PredictionWriter(bundle: bundle, isJSON: false).lines(demoSentences.map { ClassifierText($0) }))
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

extension Experiment {
  /// Runs with a line of progress on standard error.
  fileprivate func shown(isQuiet: Bool) throws -> ExperimentReport {
    if isQuiet { return try run(.silent).report }
    let display = SharedProgress()
    let progress = ExperimentProgress { completed, total, trial in
      display.update {
        ProgressLine(
          title: "trial \(completed)/\(total)", completed: completed, total: total, elapsed: $0, detail: trial)
      }
    }
    defer { display.end() }
    return try run(progress).report
  }
}

extension ExperimentReport {
  /// Makes sure that the page can be written to a folder, of which as much is made as there is: nothing new stays.
  fileprivate static func checkPlace(_ folder: String) throws {
    var existing = folder
    while !InputFile.exists(existing) { existing = OutputFile.directory(of: existing) }
    _ = try OutputFile("\(existing)/report.html")
  }

  /// The page and its charts.
  func write(to folder: String) throws {
    try OutputFile.createDirectory(folder)
    try OutputFile.write(html, to: "\(folder)/report.html")
    for (file, svg) in pictures { try OutputFile.write(svg, to: "\(folder)/\(file)") }
  }
}

extension CommandOption {
  static let experimentSize = CommandOption.value(
    "size", .choice(ExperimentSize.allCases.map(\.rawValue)), placeholder: "NAME", default: "standard",
    "how much is run")
}

extension ParsedArguments {
  func experimentSize() throws -> ExperimentSize {
    text("size").flatMap { ExperimentSize(rawValue: $0) } ?? .standard
  }

  fileprivate func chorales() throws -> ChoralesSource {
    try ChoralesSource(path: text("data"), dataFolder: getenv("ENSUE_DATA").map { String(cString: $0) })
  }
}

extension ComparisonReport {
  /// The page, and its first picture on its own.
  fileprivate func write(to folder: String) throws {
    try OutputFile.write(html, to: "\(folder)/report.html")
    if let accuracy = barCharts.first { try OutputFile.write(accuracy.svg, to: "\(folder)/accuracy.svg") }
  }
}
