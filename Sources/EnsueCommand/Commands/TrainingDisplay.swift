// A training run as a user sees it: notes, a progress line, a line for each epoch. The loop is here to be read.

import EnsueEvaluation
import EnsueFiles
import EnsueReport
import EnsueTasks
import EnsueTensor
import EnsueTraining

/// Trains and shows it on standard error.
struct TrainingDisplay {
  let isQuiet: Bool
  /// Before every line, where there are several runs.
  var title = ""
  /// Whether to say again what the data is.
  var describesData = true
  /// The line that runs at the same time share, and which of them this one is.
  var progress = SharedProgress()
  var number = 0
  /// Throws `Interruption.Stopped` where the run is to stop.
  var check: @Sendable () throws -> Void = Interruption.check

  /// Trains a classifier, or goes on with the run that the folder holds.
  /// - Throws: `Interruption.Stopped` after the state was saved.
  func train(_ configuration: ClassificationConfiguration, in folder: RunFolder) throws -> RunRecord {
    if let finished = try FinishedRun.record(folder, ifFinishedWith: configuration) {
      note("\(folder.path): this run has already ended")
      return finished
    }
    var run = try ClassificationRun(configuration, in: folder)
    // Only now is there something to save.
    Interruption.install()
    if describesData { run.data.notes.forEach(note) }
    note("model: \(Format.count(run.parameterCount)) parameters, \(Format.count(run.trainedCount)) of them trained")
    if let step = run.resumedStep { note("going on after step \(Format.count(step))") }
    let record: RunRecord
    run.check = check
    do {
      defer { progress.end(number) }
      while let event = try run.next() {
        switch event {
        case .step(let step):
          if !isQuiet { progress.update(number) { _ in progressLine(step) } }
        case .epoch(let epoch): note(line(epoch))
        }
        try check()
      }
      record = try run.finish()
    } catch let stopped as Interruption.Stopped {
      try run.save()
      progress.note(title + "saved; run the same command again to go on")
      throw stopped
    }
    try OutputFile.write(ComparisonReport(runs: [record], title: record.name).html, to: folder.report)
    note("peak memory \(Format.bytes(ProcessMemory.peakBytes)); everything is in \(folder.path)")
    return record
  }

  /// Says which settings nothing reads.
  func tellUnread(of configuration: ClassificationConfiguration) { configuration.unreadNotes.forEach(note) }

  private func note(_ line: String) {
    if !isQuiet { progress.note(title + line) }
  }

  private func progressLine(_ step: StepEvent) -> ProgressLine {
    ProgressLine(
      title: "\(title)epoch \(step.epoch)", completed: step.batch, total: step.batchCount, elapsed: step.epochSeconds,
      processed: step.tokenCount, unit: "tokens", detail: "loss \(Format.fixed(step.report.loss, places: 4))")
  }

  private func line(_ epoch: EpochEvent) -> String {
    let validation = epoch.validation.map {
      let metric = $0.kinds.contains(.pearson) ? MetricKind.pearson : .accuracy
      return "  validation loss \(Format.fixed($0.loss, places: 4))  \(metric.title) \(metric.text(in: $0))"
    }
    let draws = epoch.drawVariance.map {
      "  variance of draws \(Format.significant($0.withBaseline)), \(Format.significant($0.withoutBaseline)) without"
        + " baseline"
    }
    return "epoch \(epoch.epoch)  loss \(Format.fixed(epoch.trainingLoss, places: 4))\(validation ?? "")\(draws ?? "")"
      + "  \(ProgressLine.short(epoch.tokensPerSecond)) tokens/s"
  }
}

extension CommandOption {
  /// How many threads; results do not depend on it.
  static let threads = CommandOption.value(
    "threads", .integer(1...64), placeholder: "N", default: "all", "threads to use; the results are the same")
  /// How the weights of a model that is only run are kept.
  static let precision = CommandOption.value(
    "precision", .choice(WeightPrecisionKind.allCases.map(\.rawValue)), default: WeightPrecisionKind.full.rawValue,
    "weights of a Transformer: bf16 takes half the memory")
  static let quiet = CommandOption.flag("quiet", "print results and errors only")
}

extension ParsedArguments {
  /// The precision asked for.
  var precision: WeightPrecisionKind { text("precision").flatMap(WeightPrecisionKind.init) ?? .full }

  /// Runs `body` with the number of threads asked for.
  func withThreads<Result>(_ body: () throws -> Result) throws -> Result {
    guard let count = integer("threads") else { return try body() }
    return try ThreadPool.$current.withValue(ThreadPool(threadCount: count)) { try body() }
  }

  /// The resolved configuration of a command with the classification settings: over the defaults of fine-tuning where a
  /// pre-trained model is named.
  func classification() throws -> ClassificationConfiguration {
    let configuration = try classification(over: ClassificationConfiguration.settings.defaults)
    guard configuration.pretrained.isGiven else { return configuration }
    // What is given is refused, its default too.
    for occurrence in occurrences {
      if let setting = ClassificationConfiguration.settingsMadeAnew.first(where: {
        $0.path == occurrence.option.settingPath
      }) {
        throw ClassificationConfiguration.foreignSetting(setting, found: occurrence.text)
      }
    }
    let tuned = try classification(over: .fineTuning(configuration.data.labelKind))
    return isGiven("warmup-share") ? tuned : tuned.settled
  }

  private func classification(over defaults: ClassificationConfiguration) throws -> ClassificationConfiguration {
    var configuration = defaults
    if let file = text("config") {
      try ClassificationConfiguration.apply(SettingsFile.contents(of: file), to: &configuration, file: file)
    }
    try ClassificationConfiguration.settings.applyOptions(of: self, to: &configuration)
    return configuration
  }
}
