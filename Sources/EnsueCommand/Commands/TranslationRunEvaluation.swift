// ensue evaluate for translation models.

import EnsueBundle
import EnsueDecoding
import EnsueEvaluation
import EnsueFiles
import EnsueModels
import EnsueReport
import EnsueTasks

/// The part of `ensue evaluate` that translation models have alone.
enum TranslationRunEvaluation {
  static let options: [CommandOption] = [
    .value("beam", .integer(1...1000), placeholder: "N", default: "5", "translation: translations side by side"),
    .value("length-penalty", .number(NumberRange(-10...10)), default: "1", "translation: above 0 prefers longer ones"),
    .value(
      "sentences", .integer(1...1_000_000_000), placeholder: "N", default: "all", "translation: the first N pairs"),
    .value("translations", .path, placeholder: "FILE", "translation: write what was translated, a line a pair"),
  ]
  static let names = ["beam", "length-penalty", "sentences", "translations"]

  static func result(
    _ arguments: ParsedArguments, _ path: String, _ part: LabelledInput.Part, _ data: DataConfiguration
  ) throws -> String {
    let bundle = try TranslationBundle(contentsOf: path)
    var input = try TranslationInputData.load(data, RunFolder(path), part: part, for: bundle)
    // Without them nobody could tell which pair a line of --translations is of.
    for change in input.changes { ProgressDisplay.write("\(input.place): \(change)") }
    if let count = arguments.integer("sentences") { input = input.prefix(count) }
    var search = TranslationSearch(width: arguments.integer("beam") ?? 5)
    search.lengthPenalty = arguments.number("length-penalty") ?? 1
    let translator = TextTranslator(model: bundle.model, codecs: bundle.codecs, search: search)
    var display: ProgressDisplay? = ProgressDisplay()
    defer { display?.clear() }
    let total = input.pairs.count
    let evaluation = try arguments.withThreads {
      try TranslationEvaluation(of: translator, on: input) { done in
        display?.update {
          ProgressLine(
            title: "translating", completed: done, total: total, elapsed: $0, processed: done, unit: "sentences")
        }
      }
    }
    display?.clear()
    display = nil
    if let file = arguments.text("translations") {
      try OutputFile.write(evaluation.translations.map { $0.text.spacing("\n\r") + "\n" }.joined(), to: file)
    }
    return arguments.flag("json") ? json(evaluation, path, bundle) + "\n" : text(evaluation)
  }

  private static func text(_ evaluation: TranslationEvaluation) -> String {
    let summary = evaluation.summary
    let lines = [
      "loss        \(Format.fixed(summary.loss, places: 4)) nats per symbol",
      "perplexity  \(Format.fixed(summary.perplexity, places: 3)) per symbol",
      "accuracy    \(Format.percent(summary.accuracy)) of \(Format.count(summary.count)) symbols",
      "translated  \(Format.count(summary.sentenceCount, "sentence"))",
    ]
    return (lines + evaluation.scores.map { $0.line() }).joined(separator: "\n") + "\n"
  }

  private static func json(
    _ evaluation: TranslationEvaluation, _ path: String, _ bundle: TranslationBundle
  ) -> String {
    var object: JSONObject = [
      "name": .string(RunFolder(path).name), "model": .string(bundle.architecture.title),
    ]
    for (key, value) in evaluation.summary.json.objectValue?.members ?? [] { object[key] = value }
    object["scores"] = .array(evaluation.scores.map(\.json))
    return JSONValue.object(object).description
  }
}
