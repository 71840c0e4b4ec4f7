// ensue experiment lab

import EnsueBundle
import EnsueEvaluation
import EnsueExperiments
import EnsueFiles
import EnsueTasks

extension ProgramCommand {
  static let experimentLab = ProgramCommand(
    Command(
      "experiment lab", group: "Experiments", ExperimentKind.lab.summary,
      discussion: """
        Trains every classifier with every seed, each in a folder MODEL-seedN under --out, prints the table and the \
        answers to the laboratory's questions, and writes report.html with its charts. Runs that have ended are not \
        trained again; the same command goes on after an interruption. A run that diverges is counted and left out. \
        Classifiers train beside each other, a thread each, those of --from one after another. \
        Models of --measure are classifiers already: each is measured as it is on the same test sentences. \
        Sizes: quick trains six classifiers for three epochs; standard trains all, at most 30 epochs, 3 seeds; paper \
        gives the Transformer the sizes of Vaswani et al. (2017) and takes many hours.
        """,
      examples: [
        CommandExample(
          "the movie reviews of Pang and Lee (2005)",
          "ensue experiment lab --dataset mr --data MR/ --embeddings glove.6B.50d.txt --out runs/lab"),
        CommandExample(
          "with a pre-trained model in the same table",
          "ensue experiment lab --data MR/ --embeddings glove.6B.50d.txt --from models/minilm --out runs/lab"),
        CommandExample(
          "with a classifier that others trained",
          "ensue experiment lab --data MR/ --measure hub:ORG/NAME --map LABEL_0=negative,LABEL_1=positive"),
      ],
      options: [
        .value(
          "dataset", .choice(LabDatasetKind.allCases.map(\.rawValue)), placeholder: "NAME", default: "mr",
          "film reviews, or the tweets of SemEval-2017 task 4 A"),
        .value("data", .path, placeholder: "FOLDER", isRequired: true, "the data set's folder"),
        .value("embeddings", .path, placeholder: "FILE", "word vectors to begin with; random ones otherwise"),
        .value(
          "from", .list, placeholder: "FOLDER,...",
          "pre-trained models to fine-tune on the same data (hub:ORG/NAME too); quick takes 40 sentences for them"),
        .value(
          "measure", .list, placeholder: "FOLDER,...",
          "classifiers to measure as they are, without training (hub:ORG/NAME too)"),
        .value(
          "map", .list, placeholder: "LABEL=LABEL,...",
          "what labels of --measure mean in the data, as ensue evaluate has it"),
        .experimentSize,
        .value("seeds", .integer(1...1000), placeholder: "N", default: "by size", "seeds of each classifier"),
        .value("out", .path, placeholder: "FOLDER", default: "runs/lab", "receives the runs and the page"), .threads,
        .quiet,
      ])
  ) { arguments, output in
    let folder = arguments.text("out") ?? "runs/lab"
    let dataset = arguments.text("dataset").flatMap { LabDatasetKind(rawValue: $0) } ?? .mr
    let (size, data) = (try arguments.experimentSize(), try arguments.required("data"))
    // What cannot be read is said before the other classifiers train: all of a folder, whatever its head.
    for path in arguments.texts("from") {
      _ = try PretrainedClassifierBundle(folder: ModelPlace.folder(path), labels: ["", ""])
    }
    let others = try measured(arguments, LabExperiment.pretrainedData(size, dataset, data: data))
    let experiment = try LabExperiment(
      size, dataset, data: data, embeddings: arguments.text("embeddings"),
      pretrained: arguments.texts("from"), seeds: arguments.integer("seeds"), in: folder)
    let records = try arguments.withThreads { try experiment.trained(isQuiet: arguments.flag("quiet")) }
    let report = experiment.outcome(records, measured: others).report
    try report.write(to: folder)
    try output.write(report.text(width: Terminal.width))
    StandardError.writeLine("the page is \(folder)/report.html")
  }

  /// The models of --measure on the test sentences.
  private static func measured(_ arguments: ParsedArguments, _ data: DataConfiguration) throws -> [RunRecord] {
    let places = try arguments.texts("measure").map { try ModelPlace($0) }
    guard !places.isEmpty || !arguments.isGiven("map") else {
      throw Failure(.usage, at: "--map", "a model of --measure expected beside it, found none")
    }
    var request = MeasuredClassifier.Request()
    request.data = data
    request.given = try arguments.texts("map").map { try LabelPair($0, places: places.map(\.given)) }
    let measuring = ClassifierMeasuring(request)
    return try measuring.measured(places, arguments).map { place, found in
      // Folders of one name in two places have a row each.
      let isAlone = places.count { $0.name == place.name } == 1
      return measuring.record(found, of: place, name: isAlone ? place.name : place.given)
    }
  }
}

extension LabExperiment {
  /// Trains all runs; nil for one that diverged, after which the others go on.
  /// - Throws: the failure of the last run where all diverged.
  fileprivate func trained(isQuiet: Bool) throws -> [RunRecord?] {
    let results = try SweepTraining(sweep, isQuiet: isQuiet).results(goingOnAfter: .diverged)
    let records = results.map { try? $0.get() }
    if records.allSatisfy({ $0 == nil }) { _ = try results.last?.get() }
    return records
  }
}
