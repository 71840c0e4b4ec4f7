// ensue train translate

import EnsueEvaluation
import EnsueFiles
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let trainTranslate = ProgramCommand(
    Command(
      "train translate", group: "Training", "train a model that translates, on pairs of sentences",
      discussion: """
        Reads pairs of a source and a target: two files with a sentence a line, one table, or a data set by name; \
        learns vocabularies and a model that writes the target of a source symbol by symbol; keeps the weights that \
        do best on the validation pairs, and writes translations of the first of them at every validation. The same \
        command again goes on where an interrupted run stopped, and ends with the same weights. `ensue translate` \
        then translates, `ensue evaluate` measures, `ensue attend` shows which symbols of the source were looked at.
        """,
      examples: [
        CommandExample(
          "a recurrent model with attention on your own sentences",
          "ensue train translate --data train.de,train.en --validation val.de,val.en --out runs/de-en"),
        CommandExample(
          "a Transformer on Multi30k",
          "ensue train translate --config Configurations/multi30k-transformer.json --data multi30k --out runs/multi30k"),
        CommandExample(
          "dates as people write them to YYYY-MM-DD",
          "ensue train translate --config Configurations/dates.json --out runs/dates"),
      ],
      options: [.out, .threads, .quiet], settings: TranslationConfiguration.settings.options)
  ) { arguments, output in
    let folder = RunFolder(try arguments.required("out"))
    var configuration = TranslationConfiguration()
    if let file = arguments.text("config") {
      try TranslationConfiguration.apply(SettingsFile.contents(of: file), to: &configuration, file: file)
    }
    try TranslationConfiguration.settings.applyOptions(of: arguments, to: &configuration)
    let record = try arguments.withThreads { [configuration] in
      let display = RunDisplay<TranslationRun>(isQuiet: arguments.flag("quiet")) {
        TranslationRunText.lines($0)
      }
      let record = try display.train(configuration, in: folder)
      if !InputFile.exists(folder.report) { try TranslationPage(folder, record).write() }
      return record
    }
    try output.write(TranslationRunText.text(record))
  }
}

/// The figures of a translation model as text.
enum TranslationRunText {
  /// The result of a run.
  static func text(_ record: TranslationRunRecord) -> String {
    let best = record.best
    var lines = [
      "run         \(ExitStatus.escaped(record.name))",
      "model       \(record.model)\(record.done.map { ", \(Format.count($0.parameters)) parameters" } ?? "")",
      "validation  \(figures(best.validation))",
    ]
    if let test = record.test { lines.append("test        \(figures(test))") }
    if let done = record.done {
      lines.append("best epoch  \(best.epoch) of \(done.epochs), step \(Format.count(best.step)): \(done.reason)")
      if record.averagedCount > 1 { lines.append("weights     the mean of \(record.averagedCount) validations") }
      lines.append("time        \(ProgressLine.duration(done.trainingSeconds))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Loss, perplexity, accuracy, and the measures of what was translated, on one line.
  static func figures(_ summary: TranslationSummary) -> String {
    let scores = TranslationMetricKind.allCases.compactMap { kind in
      summary.scores[kind].map { "  \(kind.title) \(Format.fixed($0, places: 2))" }
    }
    return "loss \(Format.fixed(summary.loss, places: 4))  perplexity \(Format.fixed(summary.perplexity, places: 2))"
      + "  accuracy \(Format.percent(summary.accuracy))" + scores.joined()
  }

  /// What is said of a validation: its figures, and the first sample.
  static func lines(_ validation: TranslationValidation) -> [String] {
    let epoch = validation.epoch
    let line =
      "epoch \(epoch.epoch)  step \(epoch.step)  loss \(Format.fixed(epoch.trainingLoss, places: 4))"
      + "  validation \(figures(epoch.validation))  \(ProgressLine.short(epoch.tokensPerSecond)) symbols/s"
    guard let sample = validation.samples.first else { return [line] }
    return [line, "  \(cut(sample.source))", "  > \(cut(sample.translation))"]
  }

  /// A text as a terminal may have it, cut to its width.
  private static func cut(_ text: String) -> String {
    ExitStatus.escaped(String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(20, Terminal.width - 5)))))
  }
}
