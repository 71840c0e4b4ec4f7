// ensue train classify, ensue sweep classify

import EnsueEvaluation
import EnsueFiles
import EnsueModels
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let trainClassify = ProgramCommand(
    Command(
      "train classify", group: "Training", "train a sentence classifier",
      discussion: """
        Reads labelled sentences, trains until the validation data says stop, keeps the best weights, tests them, and \
        leaves a run folder with everything. The same command again goes on where an interrupted run stopped, and \
        ends with the same weights.

        With --from a pre-trained model is trained further, under a head for the labels of the data; it brings its \
        tokenizer and architecture. The defaults are then those of fine-tuning: AdamW with 5e-5, no weight decay of \
        biases and norms, a tenth of the steps of warm-up and a linear decay, three epochs, batches of 32, clipping at 1, \
        weights by accuracy. The bundle is a folder that the Hub's other libraries open. It then also learns from numbers \
        (--label-kind number), of which it predicts one.

        Pairs of texts (--pair-column) are read by --model co-attention and by pre-trained models.
        """,
      examples: [
        CommandExample(
          "a bidirectional LSTM on your own data",
          "ensue train classify --data reviews.tsv --model bilstm --embeddings glove.6B.50d.txt --out runs/bilstm"),
        CommandExample(
          "the movie reviews of Pang and Lee (2005)",
          "ensue train classify --dataset mr --data MR/ --model bilstm --dropout 0.3 --embeddings glove.txt --out runs/mr"
        ),
        CommandExample(
          "a pre-trained model, first on 40 sentences",
          "ensue train classify --from models/minilm --dataset mr --data MR/ --quick --out runs/try"),
        CommandExample(
          "how similar two sentences are",
          "ensue train classify --from models/minilm --data sts.tsv --text-column sentence1 --pair-column sentence2"
            + " --label-column score --label-kind number --metric pearson --out runs/similar"),
      ],
      options: [
        .out, .flag("quick", "40 sentences of each part of the data, to see that everything works (--sample 40)"),
        .threads, .quiet,
      ], settings: ClassificationConfiguration.settings.options)
  ) { arguments, output in
    let folder = RunFolder(try arguments.required("out"))
    let record = try arguments.withThreads {
      var configuration = try arguments.classification()
      if arguments.flag("quick") {
        guard !arguments.isGiven("sample") else { throw Failure(.usage, "--quick or --sample expected, found both") }
        configuration.data.sampleSize = 40
      }
      let display = TrainingDisplay(isQuiet: arguments.flag("quiet"))
      display.tellUnread(of: configuration)
      return try display.train(configuration, in: folder)
    }
    try output.write(ComparisonReport(runs: [record], title: record.name).text(width: Terminal.width))
  }

  static let sweepClassify = ProgramCommand(
    Command(
      "sweep classify", group: "Training", "train several classifiers and seeds, and compare them",
      discussion: """
        Trains every model, or fine-tunes that of --from, with every seed, with one set of options, each in a folder \
        MODEL-seedN under --out; then prints the comparison and writes comparison.html. Runs train beside \
        each other, a thread each; pre-trained models one after another. Runs that have ended are not trained again.
        """,
      examples: [
        CommandExample(
          "four classifiers, three seeds",
          "ensue sweep classify --dataset mr --data MR/ --models mean,mean-max,lstm,bilstm --seeds 3 --out runs/mr")
      ],
      options: [
        .value("models", .list, placeholder: "A,B,…", "classifiers to train; none with --from"),
        .value("seeds", .integer(1...1000), placeholder: "N", default: "1", "seeds of each, from --seed on"),
        .out, .threads, .quiet,
      ], settings: ClassificationConfiguration.settings.options)
  ) { arguments, output in
    let folder = try arguments.required("out")
    let models = try arguments.models()
    let sweep = try ClassificationSweep(
      arguments.classification(), models: models, seeds: arguments.integer("seeds") ?? 1, in: folder)
    var told: Set<String> = []
    for (configuration, run) in sweep.runs where told.insert(configuration.model.kind.rawValue).inserted {
      TrainingDisplay(isQuiet: arguments.flag("quiet"), title: "\(run.name): ").tellUnread(of: configuration)
    }
    let records = try arguments.withThreads { try SweepTraining(sweep, isQuiet: arguments.flag("quiet")).records() }
    let report = ComparisonReport(runs: records)
    try OutputFile.write(report.html, to: "\(folder)/comparison.html")
    try output.write(report.text(width: Terminal.width))
    StandardError.writeLine("the page is \(folder)/comparison.html")
  }
}

extension CommandOption {
  static let out = CommandOption.value("out", .path, placeholder: "FOLDER", isRequired: true, "the run folder")
}

extension ParsedArguments {
  /// The value of an option that the parser has made sure of.
  func required(_ name: String) throws -> String {
    guard let value = text(name) else { throw Failure(.usage, "--\(name) expected, found none") }
    return value
  }

  /// The classifiers of --models.
  func models() throws -> [ClassifierKind] {
    try texts("models").map { name in
      guard let kind = ClassifierKind(rawValue: name) else {
        let names = ClassifierKind.allCases.map(\.rawValue)
        let near = Failure.nearest(to: name, among: names).map { "Did you mean \($0)?" }
        throw Failure(
          .usage, at: "--models",
          "classifiers (\(names.joined(separator: ", "))) expected, found \(Failure.shown(name))",
          advice: near ?? "")
      }
      return kind
    }
  }
}
