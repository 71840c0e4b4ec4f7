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

  /// The tensors of a checkpoint. Frozen parameters are not among them: they are what a new run begins with.
  static func tensors(
    model: Model, best: Model?, optimizer: Optimizer, extra: [(name: String, tensor: Tensor)]
  ) -> [(name: String, tensor: Tensor)] {
    let current = TrainedParameters(of: model).tensors.map { (name: "model/\($0.name)", tensor: $0.tensor) }
    let kept = best.map { TrainedParameters(of: $0).tensors.map { (name: "best/\($0.name)", tensor: $0.tensor) } } ?? []
    let moments = optimizer.tensors.map { (name: "optimizer/\($0.name)", tensor: $0.tensor) }
    return current + kept + moments + extra.map { (name: "task/\($0.name)", tensor: $0.tensor) }
  }

  /// Reads the newest checkpoint; nil when there is none.
  /// - Parameters:
  ///   - blank: the model as a new run begins: frozen parameters are its.
  ///   - newOptimizer: as a new run begins.
  init?(
    _ checkpoints: CheckpointFolder, blank: Model, _ newOptimizer: Optimizer, _ stopping: EarlyStopping
  ) throws {
    let stored = try checkpoints.newest { reader, state, path in
      let model = try StoredRun.weights(of: reader, below: "model/", blank, path)
      var best: Model?
      if reader.names.contains(where: { $0.hasPrefix("best/") }) {
        best = try StoredRun.weights(of: reader, below: "best/", blank, path)
      }
      guard let steps = state["step"]?.integerValue, steps >= 0 else {
        throw Failure(.data, at: path, "state: a step expected")
      }
      var optimizer = newOptimizer
      let moments = try StoredRun.tensors(of: reader, below: "optimizer/")
      try optimizer.restore(stepCount: steps, for: model) { moments[$0] }
      let progress = try RunProgress(
        state, higherIsBetter: stopping.higherIsBetter, patience: stopping.patience, path: path)
      return (model, best, optimizer, progress, try StoredRun.tensors(of: reader, below: "task/"), path)
    }
    guard let stored else { return nil }
    (model, best, optimizer, progress, extra, path) = stored
  }

  private static func weights(
    of reader: borrowing SafetensorsReader, below prefix: String, _ blank: Model, _ path: String
  ) throws -> Model {
    var trained = TrainedParameters(of: blank)
    try trained.load(reader, prefix: prefix, path: path)
    return trained.put(into: blank)
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

/// The parameters of a model that training changes, by themselves.
private struct TrainedParameters: Module {
  private(set) var tensors: [(name: String, tensor: Tensor)]

  init(of model: some Module) {
    tensors = model.parameters.filter { $0.training != .none }.map { ($0.name, $0.tensor) }
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    for index in tensors.indices { visitor.parameter(tensors[index].name, &tensors[index].tensor) }
  }

  func put<Model: Module>(into model: Model) -> Model {
    let values = Dictionary(tensors, uniquingKeysWith: { first, _ in first })
    var model = model
    model.forEachParameter { name, tensor, _ in
      if let value = values[name] { tensor = value }
    }
    return model
  }
}
