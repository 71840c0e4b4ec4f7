// ensue train language

import EnsueEvaluation
import EnsueFiles
import EnsueModels
import EnsueReport
import EnsueTasks
import EnsueText

extension ProgramCommand {
  static let trainLanguage = ProgramCommand(
    Command(
      "train language", group: "Training", "train a language model on a text",
      discussion: """
        Cuts a text into bytes, characters, words or subwords and learns to predict every one of them from those \
        before it; keeps the weights that predict the end of the text best, and writes a sample at every validation. \
        The same command again goes on where an interrupted run stopped, and ends with the same weights. `ensue \
        generate` then writes, `ensue evaluate` measures.
        """,
      examples: [
        CommandExample("characters with an LSTM", "ensue train language --data input.txt --out runs/characters"),
        CommandExample(
          "a small GPT",
          "ensue train language --data input.txt --model transformer --layers 4 --context 64 --out runs/gpt"),
        CommandExample(
          "words of the Penn Treebank",
          "ensue train language --config Configurations/ptb-small.json --data ptb.train.txt --validation ptb.valid.txt"
            + " --test ptb.test.txt --out runs/ptb"),
      ],
      options: [.out, .threads, .quiet], settings: LanguageConfiguration.settings.options)
  ) { arguments, output in
    let folder = RunFolder(try arguments.required("out"))
    let record = try arguments.withThreads {
      try LanguageTrainingText.display(isQuiet: arguments.flag("quiet")).train(arguments.language(), in: folder)
    }
    try output.write(LanguageRunText.text(record))
  }
}

extension ParsedArguments {
  /// The resolved configuration of the command.
  fileprivate func language() throws -> LanguageConfiguration {
    var configuration = LanguageConfiguration()
    if let file = text("config") {
      try LanguageConfiguration.apply(SettingsFile.contents(of: file), to: &configuration, file: file)
    }
    try LanguageConfiguration.settings.applyOptions(of: self, to: &configuration)
    return configuration
  }
}

/// The figures of a language model as text.
enum LanguageRunText {
  /// The result of a run.
  static func text(_ record: LanguageRunRecord) -> String {
    let best = record.best
    let size = record.done.map { ", \(Format.count($0.parameters)) \(record.kind.sizeUnit)" } ?? ""
    var lines = [
      "run         \(ExitStatus.escaped(record.name))",
      "model       \(record.model)\(size)",
      "validation  \(figures(best.validation, record.level))",
    ]
    lines += units(best.validation)
    if let averaged = record.averaged { lines += ["averaged    \(figures(averaged, record.level))"] + units(averaged) }
    if let test = record.test { lines += ["test        \(figures(test, record.level))"] + units(test) }
    if let done = record.done {
      lines.append("best epoch  \(best.epoch) of \(done.epochs), step \(Format.count(best.step)): \(done.reason)")
      if record.averaged != nil { lines.append("weights     the mean of \(record.averagedCount) validations") }
      lines.append("time        \(ProgressLine.duration(done.trainingSeconds))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Nats, bits, perplexity and accuracy of a text, on one line.
  static func figures(_ summary: LanguageModelSummary, _ level: TokenLevelKind) -> String {
    "\(Format.fixed(summary.loss, places: 4)) nats  \(Format.fixed(summary.bits, places: 4)) bits per \(level.unit)"
      + "  perplexity \(Format.fixed(summary.perplexity, places: 3)) per \(level.unit)"
      + "  accuracy \(Format.percent(summary.accuracy))"
  }

  /// The figures by word, character and byte; empty where the text's length is not known.
  private static func units(_ summary: LanguageModelSummary) -> [String] {
    guard let characters = summary.bitsPerCharacter, let bytes = summary.bitsPerByte else { return [] }
    let words = summary.perplexityPerWord.map { "perplexity \(Format.significant($0)) per word  " } ?? ""
    return [
      "            \(words)\(Format.fixed(characters, places: 4)) bits per character"
        + "  \(Format.fixed(bytes, places: 4)) per byte"
    ]
  }

  /// Everything that an evaluation says of a text.
  static func table(_ evaluation: LanguageModelEvaluation, _ level: TokenLevelKind) -> String {
    let summary = evaluation.summary
    var rows = [
      ("loss", "\(Format.fixed(summary.loss, places: 4)) nats per \(level.unit)"),
      ("bits", "\(Format.fixed(summary.bits, places: 4)) per \(level.unit)"),
      ("perplexity", "\(Format.fixed(summary.perplexity, places: 3)) per \(level.unit)"),
    ]
    if let value = summary.perplexityPerWord {
      rows.append(("", "\(Format.significant(value)) per word between white space"))
    }
    if let value = summary.bitsPerCharacter {
      rows.append(("bits", "\(Format.fixed(value, places: 4)) per character"))
    }
    if let value = summary.bitsPerByte { rows.append(("", "\(Format.fixed(value, places: 4)) per byte")) }
    rows.append(("accuracy", Format.percent(summary.accuracy)))
    rows.append(("scored", "\(Format.count(summary.count)) \(level.unit)s"))
    if summary.unknownCount > 0 { rows.append(("unknown", "\(Format.count(summary.unknownCount)), not scored")) }
    return rows.map { $0.0.padded(to: 12) + $0.1 + "\n" }.joined()
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - utf8.count)) }
}
