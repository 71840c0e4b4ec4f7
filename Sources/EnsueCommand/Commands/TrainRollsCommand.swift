// ensue train rolls

import EnsueEvaluation
import EnsueFiles
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let trainRolls = ProgramCommand(
    Command(
      "train rolls", group: "Training", "train a model of music on piano rolls",
      discussion: """
        Reads pieces as steps of notes and learns to predict the notes of every step from the steps before; keeps the \
        weights that predict the validation pieces best and measures them on the test pieces. The same command again \
        goes on where an interrupted run stopped, and ends with the same weights. `ensue rolls generate` then writes.
        """,
      examples: [
        CommandExample("Bach's chorales", "ensue train rolls --data jsb-chorales-quarter.json --out runs/chorales")
      ],
      options: [.out, .threads, .quiet], settings: RollConfiguration.settings.options)
  ) { arguments, output in
    let folder = RunFolder(try arguments.required("out"))
    var configuration = RollConfiguration()
    if let file = arguments.text("config") {
      try RollConfiguration.apply(SettingsFile.contents(of: file), to: &configuration, file: file)
    }
    try RollConfiguration.settings.applyOptions(of: arguments, to: &configuration)
    let record = try arguments.withThreads { [configuration] in
      let display = RunDisplay<RollRun>(isQuiet: arguments.flag("quiet")) { [RollRunText.line($0)] }
      return try display.train(configuration, in: folder)
    }
    try output.write(RollRunText.text(record))
  }
}

/// The result of a run as text.
enum RollRunText {
  static func text(_ record: RollRunRecord) -> String {
    let best = record.best
    var lines = [
      "run         \(ExitStatus.escaped(record.name))",
      "model       \(record.model)\(record.done.map { ", \(Format.count($0.parameters)) parameters" } ?? "")",
      "validation  \(figures(best.validation))",
    ]
    if let test = record.test { lines.append("test        \(figures(test))") }
    if let done = record.done {
      lines.append("best epoch  \(best.epoch) of \(done.epochs): \(done.reason)")
      lines.append("time        \(ProgressLine.duration(done.trainingSeconds))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What is said of an epoch.
  static func line(_ epoch: LanguageModelEpoch) -> String {
    "epoch \(epoch.epoch)  loss \(Format.fixed(epoch.trainingLoss, places: 4))"
      + "  validation \(figures(epoch.validation))  \(ProgressLine.short(epoch.tokensPerSecond)) steps/s"
  }

  /// The loss of steps and the accuracy of frames.
  static func figures(_ summary: LanguageModelSummary) -> String {
    "\(Format.fixed(summary.loss, places: 3)) nats a step  frame accuracy \(Format.percent(summary.accuracy))"
  }
}
