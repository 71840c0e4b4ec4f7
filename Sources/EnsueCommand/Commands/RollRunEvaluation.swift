// ensue evaluate for models of piano rolls, one or several.

import EnsueBundle
import EnsueEvaluation
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueReport
import EnsueTasks

/// The part of `ensue evaluate` that models of piano rolls have alone.
enum RollRunEvaluation {
  /// A row for each model, or an object with the figures that the log of its run has.
  static func result(
    _ arguments: ParsedArguments, _ places: [ModelPlace], _ part: LabelledInput.Part, _ data: DataConfiguration
  ) throws -> String {
    let measured = try places.map { place in
      let bundle = try RollBundle(contentsOf: place.folder)
      try bundle.requirePiano(at: place.folder)
      let pieces = try RollInput.load(data, place.run, part: part)
      let summary = try arguments.withThreads { try RollEvaluation.summary(of: bundle.model, on: pieces) }
      return (name: place.name, bundle: bundle, summary: summary)
    }
    if arguments.flag("json") {
      let objects = measured.map { json($0.summary, $0.name, $0.bundle) }
      return (objects.count == 1 ? objects[0] : .array(objects)).description + "\n"
    }
    let rows = measured.map { run in
      [
        run.name, run.bundle.architecture.title, Format.fixed(run.summary.loss, places: 4),
        Format.percent(run.summary.accuracy), Format.count(run.summary.count),
        Format.count(run.bundle.model.parameterCount),
      ]
    }
    return TextTable(
      columns: [
        .init("run"), .init("model"), .init("nats a step", .trailing), .init("frame accuracy", .trailing),
        .init("steps", .trailing), .init("parameters", .trailing),
      ], rows: rows
    ).text(width: Terminal.width)
  }

  private static func json(_ summary: LanguageModelSummary, _ name: String, _ bundle: RollBundle) -> JSONValue {
    var object: JSONObject = ["name": .string(name), "model": .string(bundle.architecture.title)]
    for (key, value) in summary.json.objectValue?.members ?? [] { object[key] = value }
    return .object(object)
  }
}
