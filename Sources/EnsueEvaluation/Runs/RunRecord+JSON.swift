// Runs for programs: what `compare --json` and `evaluate --json` print.

import EnsueFiles

extension RunRecord {
  /// The run as one object. The first seven keys are the promised ones; `parameters` and `seed` may be null.
  ///
  /// `run`, `model`, `accuracy`, `macroF1`, `macroRecall`, `parameters`, `trainingSeconds`, `macroPrecision`, `loss`,
  /// `count`, `split`, `dataset`, `seed`, `epochs`. Shares are between 0 and 1, times in seconds; a number that is not
  /// finite is the string `NaN`, `inf` or `-inf`.
  public var json: JSONValue {
    .object([
      "run": .string(name),
      "model": .string(model),
      "accuracy": .number(accuracy),
      "macroF1": .number(macroF1),
      "macroRecall": .number(macroRecall),
      "parameters": parameters.map { .number($0) } ?? .null,
      "trainingSeconds": .number(trainingSeconds),
      "macroPrecision": .number(macroPrecision),
      "loss": .number(loss),
      "count": .number(summary.count),
      "split": .string(split.rawValue),
      "dataset": .string(dataset),
      "seed": seed.map { .number(String($0)) } ?? .null,
      "epochs": .number(epochs),
    ])
  }

  /// Runs as a JSON array over several lines.
  public static func jsonText(of runs: [RunRecord]) -> String { JSONValue.array(runs.map(\.json)).indented }
}
