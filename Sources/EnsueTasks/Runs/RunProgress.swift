// Where a run stands: everything of its state that is not a tensor. A checkpoint holds it as JSON.

import EnsueData
import EnsueFiles
import EnsueTraining

/// The state of a training loop between two steps.
struct RunProgress: Sendable, Equatable {
  var cursor = BatchCursor()
  var stopping: EarlyStopping
  /// Training time of all sessions, in seconds.
  var seconds = 0.0
  /// Of the current epoch.
  var lossSum = 0.0
  var exampleCount = 0
  var tokenCount = 0
  var epochSeconds = 0.0
  /// What the logs held at this point: later lines are of steps that will be done again.
  var logBytes = 0
  var eventBytes = 0
  /// What a schedule that listens to validation remembers.
  var plateau: PlateauReduction.Memory?

  init(stopping: EarlyStopping) { self.stopping = stopping }

  /// The state as a checkpoint holds it, after `step` updates.
  func json(step: Int) -> JSONValue {
    var object: JSONObject = [
      "step": .number(step), "epoch": .number(cursor.epoch), "batch": .number(cursor.batch),
      "best": stopping.best.map { .number($0) } ?? .null, "bestEpoch": .number(stopping.bestEpoch),
      "stalledEpochs": .number(stopping.stalledEpochs), "seconds": .number(seconds), "lossSum": .number(lossSum),
      "exampleCount": .number(exampleCount), "tokenCount": .number(tokenCount), "epochSeconds": .number(epochSeconds),
      "logBytes": .number(logBytes), "eventBytes": .number(eventBytes),
    ]
    if let plateau {
      object["plateau"] = .object([
        "factor": .number(plateau.factor), "best": plateau.best.map { .number($0) } ?? .null,
        "stalledEpochs": .number(plateau.stalledEpochs),
      ])
    }
    return .object(object)
  }

  /// Takes up a stored state.
  init(_ object: JSONObject, higherIsBetter: Bool, patience: Int, path: String) throws {
    func count(_ key: String, in object: JSONObject = object) throws -> Int {
      guard let value = object[key]?.integerValue, value >= 0 else {
        throw Failure(.data, at: path, "state: a count expected for \(key)")
      }
      return value
    }
    func number(_ key: String, in object: JSONObject = object) throws -> Double {
      guard let value = object[key]?.doubleValue else {
        throw Failure(.data, at: path, "state: a number expected for \(key)")
      }
      return value
    }
    stopping = EarlyStopping(
      higherIsBetter: higherIsBetter, patience: patience, best: object["best"]?.doubleValue,
      bestEpoch: try count("bestEpoch"), stalledEpochs: try count("stalledEpochs"))
    cursor = BatchCursor(epoch: try count("epoch"), batch: try count("batch"))
    (seconds, lossSum, epochSeconds) = (try number("seconds"), try number("lossSum"), try number("epochSeconds"))
    (exampleCount, tokenCount) = (try count("exampleCount"), try count("tokenCount"))
    (logBytes, eventBytes) = (try count("logBytes"), try count("eventBytes"))
    if let stored = object["plateau"]?.objectValue {
      plateau = PlateauReduction.Memory(
        factor: try number("factor", in: stored), best: stored["best"]?.doubleValue,
        stalledEpochs: try count("stalledEpochs", in: stored))
    }
  }
}
