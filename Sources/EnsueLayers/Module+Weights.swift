// Weights in files: by name, checked as a whole.

import EnsueFiles
import EnsueTensor

extension Module {
  /// The parameters as they are written to a file.
  public var namedTensors: [(name: String, tensor: Tensor)] { parameters.map { ($0.name, $0.tensor) } }

  /// Takes all parameters from a file; missing and mis-shaped ones are named together.
  /// - Parameters:
  ///   - reader: the file.
  ///   - prefix: before every parameter's name in the file.
  ///   - path: the file, for messages.
  /// - Throws: `Failure` of kind `data`; the module is then unchanged.
  public mutating func load(_ reader: borrowing SafetensorsReader, prefix: String = "", path: String) throws {
    var problems: [String] = []
    var tensors: [String: Tensor] = [:]
    for parameter in parameters {
      let name = prefix + parameter.name
      guard let sizes = reader.sizes(name) else {
        problems.append("\(name) is missing")
        continue
      }
      guard sizes == parameter.tensor.shape.sizes else {
        problems.append("\(name) is \(Shape.text(sizes)), the model needs \(parameter.tensor.shape)")
        continue
      }
      tensors[parameter.name] = try reader.tensor(name).converted(to: parameter.tensor.elementType)
    }
    guard problems.isEmpty else {
      let shown = problems.prefix(10).joined(separator: "; ")
      let rest = problems.count > 10 ? "; and \(problems.count - 10) more" : ""
      throw Failure(.data, at: path, "weights of this model expected, found others: \(shown)\(rest)")
    }
    forEachParameter { name, tensor, _ in
      if let loaded = tensors[name] { tensor = loaded }
    }
  }
}
