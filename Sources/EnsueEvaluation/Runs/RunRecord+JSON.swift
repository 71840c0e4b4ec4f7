// Runs for programs: what `compare --json` and `evaluate --json` print.

import EnsueFiles

extension RunRecord {
  /// The run as one object. The first seven keys are the promised ones; `parameters` and `seed` may be null. A model of
  /// numbers has `mse`, `pearson` and `spearman` in place of the measures of classes; a correlation that is not defined is
  /// null.
  ///
  /// `run`, `model`, `accuracy`, `macroF1`, `macroRecall`, `parameters`, `trainingSeconds`, `macroPrecision`, `loss`,
  /// `count`, `split`, `dataset`, `seed`, `epochs`. Shares are between 0 and 1, times in seconds; a number that is not
  /// finite is the string `NaN`, `inf` or `-inf`.
  public var json: JSONValue {
    var object: JSONObject = ["run": .string(name), "model": .string(model)]
    func write(_ kinds: ArraySlice<MetricKind>) {
      for kind in kinds { object[kind.rawValue] = summary[kind].map { .number($0) } ?? .null }
    }
    write(summary.kinds.prefix(3))
    object["parameters"] = parameters.map { .number($0) } ?? .null
    object["trainingSeconds"] = .number(trainingSeconds)
    write(summary.kinds.dropFirst(3))
    object["loss"] = .number(loss)
    object["count"] = .number(summary.count)
    object["split"] = .string(split.rawValue)
    object["dataset"] = .string(dataset)
    object["seed"] = seed.map { .number(String($0)) } ?? .null
    object["epochs"] = .number(epochs)
    return .object(object)
  }

  /// Runs as a JSON array over several lines.
  public static func jsonText(of runs: [RunRecord]) -> String { JSONValue.array(runs.map(\.json)).indented }
}
