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
  static let options: [CommandOption] = TranslationSearchArguments.options("translation: ") + ownOptions
  private static let ownOptions: [CommandOption] = [
    .value(
      "sentences", .integer(1...1_000_000_000), placeholder: "N", default: "all", "translation: the first N pairs"),
    .value("translations", .path, placeholder: "FILE", "translation: write what was translated, a line a pair"),
  ]
  static let names = TranslationSearchArguments.names + ["sentences", "translations"]

  static func result(
    _ arguments: ParsedArguments, _ place: ModelPlace, _ part: LabelledInput.Part, _ data: DataConfiguration
  ) throws -> String {
    let search = try TranslationSearchArguments.search(arguments)
    let bundle = try TranslationBundle(contentsOf: place.folder)
    try TranslationSearchArguments.check(search, of: bundle)
    var input = try TranslationInputData.load(data, place.run, part: part, for: bundle)
    // Without them nobody could tell which pair a line of --translations is of.
    for change in input.changes { ProgressDisplay.write("\(input.place): \(change)") }
    if let count = arguments.integer("sentences") { input = input.prefix(count) }
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
    return arguments.flag("json") ? json(evaluation, place.name, bundle) + "\n" : text(evaluation)
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
    _ evaluation: TranslationEvaluation, _ name: String, _ bundle: TranslationBundle
  ) -> String {
    var object: JSONObject = [
      "name": .string(name), "model": .string(bundle.architecture.title),
    ]
    for (key, value) in evaluation.summary.json.objectValue?.members ?? [] { object[key] = value }
    object["scores"] = .array(evaluation.scores.map(\.json))
    return JSONValue.object(object).description
  }
}
