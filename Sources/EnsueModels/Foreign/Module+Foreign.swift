// The weights of a model from tensors that another program named.

import EnsueFiles
import EnsueLayers
import EnsueTensor

extension Module {
  /// Takes every parameter from `tensors`, which have its names and nothing else.
  /// - Throws: `Failure` of kind `data` for tensors that are missing, too many, of another shape or not finite; the
  ///   module is then unchanged.
  mutating func take(_ tensors: NamedTensors) throws(Failure) {
    let shapes = parameters.map { (name: $0.name, shape: $0.tensor.shape) }
    var problems: [String] = []
    for (name, shape) in shapes {
      guard let tensor = tensors[name] else {
        problems.append("\(name) is missing")
        continue
      }
      if tensor.shape != shape { problems.append("\(name) is \(tensor.shape), the model needs \(shape)") }
      if !tensor.isFinite { problems.append("\(name) has numbers that are not finite") }
    }
    let known = Set(shapes.map(\.name))
    problems += tensors.names.filter { !known.contains($0) }.map { "\($0) has no place" }
    guard problems.isEmpty else {
      let shown = problems.prefix(4).joined(separator: "; ")
      let rest = problems.count > 4 ? "; and \(problems.count - 4) more" : ""
      throw Failure(.data, at: tensors.source, "weights of this model expected, found others: \(shown)\(rest)")
    }
    forEachParameter { name, tensor, _ in
      if let found = tensors[name] { tensor = found }
    }
  }
}
