// ensue evaluate for language models.

import EnsueText
import EnsueModels
import EnsueBundle
import EnsueEvaluation
import EnsueFiles
import EnsueReport
import EnsueTasks
import EnsueTensor

/// The part of `ensue evaluate` that language models have alone.
enum LanguageEvaluation {
  static let options: [CommandOption] = [
    .value("streams", .integer(1...65_536), placeholder: "N", default: "1", "language models: streams side by side"),
    .value(
      "window", .integer(1...1_000_000), placeholder: "N", "language models: begin anew after so many tokens"),
    .value(
      "stride", .integer(1...1_000_000), placeholder: "N",
      "language models: tokens from one window to the next; those shared are scored once"),
    .value(
      "dynamic-rate", .number(.above(0, through: 100)), "language models: learn while reading, at this rate"),
    .flag("positions", "language models: the loss at every place of a window"),
    .flag(
      "within-documents",
      "language models: begin anew at every document of a corpus, as a run trained with it does on its own data"),
  ]
  static let names = ["streams", "window", "stride", "dynamic-rate", "positions", "within-documents"]

  static func result(
    _ arguments: ParsedArguments, _ place: ModelPlace, _ part: LabelledInput.Part, _ data: DataConfiguration
  ) throws -> String {
    try data.requireOnlyFiles(
      of: "text", areTables: false, advice: "A language model takes --data, --encoding and --bad-bytes.")
    let learns = arguments.isGiven("dynamic-rate")
    if learns, arguments.precision != .full {
      throw Failure(
        .usage, at: "--dynamic-rate",
        "weights in \(WeightPrecisionKind.full.rawValue) expected of a model that learns while it reads, found"
          + " \(arguments.precision.rawValue)")
    }
    let bundle = try LanguageModelBundle(contentsOf: place.folder, precision: learns ? nil : arguments.precision)
    try refuseIdle(arguments, bundle.model.kind)
    var input =
      try data.paths.isEmpty
      ? LanguageInput.load(place.run, part: part, for: bundle)
      : LanguageInput.load(data.paths, encoding: data.encoding, badBytes: data.badBytes, for: bundle)
    if arguments.flag("within-documents") { try input.keepDocumentsApart(bundle.codec) }
    if let note = input.unmeasuredNote { StandardError.writeLine("\(place.name): \(note)") }
    var options = LanguageModelEvaluationOptions()
    options.streamCount = arguments.integer("streams") ?? 1
    (options.windowLength, options.stride) = (arguments.integer("window"), arguments.integer("stride"))
    options.dynamicRate = arguments.number("dynamic-rate")
    let evaluation = try arguments.withThreads {
      try LanguageModelEvaluation(of: bundle.model, on: input, unknownID: bundle.codec.unknownID, options)
    }
    if arguments.flag("json") { return json(evaluation, place.name, bundle, arguments.flag("positions")) + "\n" }
    let table = LanguageRunText.table(evaluation, bundle.codec.level)
    guard arguments.flag("positions") else { return table }
    let lines = evaluation.lossByPosition.enumerated().map { place, loss in
      "\(place + 1)\t\(loss.map { Format.fixed($0, places: 4) } ?? "-")\n"
    }
    return table + "\nposition\tloss\n" + lines.joined()
  }

  /// Refuses options that would change nothing.
  private static func refuseIdle(_ arguments: ParsedArguments, _ kind: LanguageModelKind) throws {
    let learns = arguments.isGiven("dynamic-rate")
    let hasWindows = kind == .transformer || arguments.isGiven("window")
    let stream = "a model that reads the text as a stream expected, found"
    for (name, isIdle, problem) in [
      ("stride", learns, "a model that does not learn while it reads expected, found --dynamic-rate"),
      ("streams", learns, "a model that does not learn while it reads expected, found --dynamic-rate"),
      ("streams", hasWindows, "\(stream) one that reads windows"), ("streams", kind == .ngram, "\(stream) an n-gram"),
      ("within-documents", hasWindows, "\(stream) one that reads windows"),
      ("within-documents", kind == .ngram, "\(stream) an n-gram"),
      ("positions", !hasWindows, "a --window beside it expected, found none"),
    ] where isIdle && arguments.isGiven(name) {
      throw Failure(.usage, at: "--\(name)", problem)
    }
  }

  private static func json(
    _ evaluation: LanguageModelEvaluation, _ name: String, _ bundle: LanguageModelBundle, _ hasPositions: Bool
  ) -> String {
    var object: JSONObject = [
      "name": .string(name), "model": .string(bundle.architecture.title),
      "level": .string(bundle.codec.level.rawValue),
    ]
    for (key, value) in evaluation.summary.json.objectValue?.members ?? [] { object[key] = value }
    if hasPositions {
      object["lossByPosition"] = .array(evaluation.lossByPosition.map { $0.map { .number($0) } ?? .null })
    }
    return JSONValue.object(object).description
  }
}
