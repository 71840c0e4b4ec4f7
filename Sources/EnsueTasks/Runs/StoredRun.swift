// What a checkpoint gives back, whatever was trained.

import EnsueEvaluation
import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTraining

/// The state of a run as its newest checkpoint has it.
struct StoredRun<Model: Module> {
  let model: Model
  let best: Model?
  let optimizer: Optimizer
  let progress: RunProgress
  /// What the task itself put there, by its names.
  let extra: [String: Tensor]
  /// The checkpoint's file, for messages.
  let path: String

  /// The tensors of a checkpoint.
  static func tensors(
    model: Model, best: Model?, optimizer: Optimizer, extra: [(name: String, tensor: Tensor)]
  ) -> [(name: String, tensor: Tensor)] {
    let current = model.namedTensors.map { (name: "model/\($0.name)", tensor: $0.tensor) }
    let kept = best?.namedTensors.map { (name: "best/\($0.name)", tensor: $0.tensor) } ?? []
    let moments = optimizer.tensors.map { (name: "optimizer/\($0.name)", tensor: $0.tensor) }
    return current + kept + moments + extra.map { (name: "task/\($0.name)", tensor: $0.tensor) }
  }

  /// Reads the newest checkpoint; nil when there is none.
  /// - Parameter blank: the model with any weights.
  init?(
    _ checkpoints: CheckpointFolder, blank: Model, _ optimizerConfiguration: OptimizerConfiguration,
    _ stopping: EarlyStopping
  ) throws {
    let stored = try checkpoints.newest { reader, state, path in
      var model = blank
      try model.load(reader, prefix: "model/", path: path)
      var best: Model?
      if reader.names.contains(where: { $0.hasPrefix("best/") }) {
        var kept = blank
        try kept.load(reader, prefix: "best/", path: path)
        best = kept
      }
      guard let steps = state["step"]?.integerValue, steps >= 0 else {
        throw Failure(.data, at: path, "state: a step expected")
      }
      var optimizer = Optimizer(optimizerConfiguration)
      let moments = try StoredRun.tensors(of: reader, below: "optimizer/")
      try optimizer.restore(stepCount: steps, for: model) { moments[$0] }
      let progress = try RunProgress(
        state, higherIsBetter: stopping.higherIsBetter, patience: stopping.patience, path: path)
      return (model, best, optimizer, progress, try StoredRun.tensors(of: reader, below: "task/"), path)
    }
    guard let stored else { return nil }
    (model, best, optimizer, progress, extra, path) = stored
  }

  private static func tensors(
    of reader: borrowing SafetensorsReader, below prefix: String
  ) throws -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for name in reader.names where name.utf8.starts(with: prefix.utf8) {
      tensors[String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)] = try reader.tensor(name)
    }
    return tensors
  }
}
