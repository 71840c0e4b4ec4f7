// ensue train characters

import EnsueEvaluation
import EnsueFiles
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let trainCharacters = ProgramCommand(
    Command(
      "train characters", group: "Training", "train a character model on a text",
      discussion: """
        Reads a text as streams side by side and learns to predict every character from those before it, by truncated \
        back-propagation through time; keeps the weights that predict the end of the text best. The same command \
        again goes on where an interrupted run stopped, and ends with the same weights. `ensue generate` then writes.
        """,
      examples: [
        CommandExample("an LSTM on a text", "ensue train characters --data input.txt --out runs/characters"),
        CommandExample(
          "two layers of gated units with dropout",
          "ensue train characters --data input.txt --cell gru --layers 2 --hidden 256 --dropout 0.3 --out runs/gru"),
      ],
      options: [.out, .threads, .quiet], settings: CharacterConfiguration.settings.options)
  ) { arguments, output in
    let folder = RunFolder(try arguments.required("out"))
    let record = try arguments.withThreads {
      try CharacterTrainingDisplay(isQuiet: arguments.flag("quiet")).train(arguments.characters(), in: folder)
    }
    try output.write(CharacterRunText.text(record))
  }
}

extension ParsedArguments {
  /// The resolved configuration of the command.
  fileprivate func characters() throws -> CharacterConfiguration {
    var configuration = CharacterConfiguration()
    if let file = text("config") {
      try CharacterConfiguration.apply(SettingsFile.contents(of: file), to: &configuration, file: file)
    }
    try CharacterConfiguration.settings.applyOptions(of: self, to: &configuration)
    return configuration
  }
}

/// The result of a run as text.
enum CharacterRunText {
  static func text(_ record: CharacterRunRecord) -> String {
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

  /// Nats, bits, perplexity and accuracy of a text.
  static func figures(_ summary: LanguageModelSummary) -> String {
    "\(Format.fixed(summary.loss, places: 4)) nats  \(Format.fixed(summary.bits, places: 4)) bits per character"
      + "  perplexity \(Format.fixed(summary.perplexity, places: 3))  accuracy \(Format.percent(summary.accuracy))"
  }
}
