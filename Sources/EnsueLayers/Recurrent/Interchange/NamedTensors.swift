// Tensors by name, in order: what a file of weights holds once it is read, and what is written to one.

import EnsueFiles
import EnsueTensor

/// A dictionary of tensors that keeps its order. Names are compared byte by byte.
public struct NamedTensors: WeightSource, Sendable {
  /// Where the tensors are from, for messages: a path.
  public let source: String
  public private(set) var elements: [(name: String, tensor: Tensor)] = []
  private var indexOfName: [[UInt8]: Int] = [:]

  /// - Parameter source: for messages.
  /// - Throws: `Failure` of kind `data` when two tensors have the same name.
  public init(_ elements: [(name: String, tensor: Tensor)] = [], source: String = "weights") throws(Failure) {
    self.source = source
    for (name, tensor) in elements { try append(name, tensor) }
  }

  /// Reads the tensors of a file whose names begin with `prefix`; the names keep it.
  /// - Parameter path: the file, for messages.
  /// - Throws: `Failure` when one of them cannot be read or does not hold floating-point numbers.
  public init(_ reader: borrowing SafetensorsReader, prefix: String = "", path: String) throws {
    source = path
    for name in reader.names where name.utf8.starts(with: prefix.utf8) { try append(name, reader.tensor(name)) }
  }

  public var names: [String] { elements.map(\.name) }
  public var elementCount: Int { elements.reduce(0) { $0 + $1.tensor.count } }
  public func sizes(_ name: String) -> [Int]? { self[name]?.shape.sizes }

  /// - Throws: `Failure` of kind `data` when there is none of this name.
  public func tensor(_ name: String) throws(Failure) -> Tensor {
    guard let tensor = self[name] else {
      throw Failure(.data, at: source, "tensor \(Failure.shown(name)) expected, found none")
    }
    return tensor
  }

  /// - Throws: `Failure` of kind `data` when there is one of this name.
  public mutating func append(_ name: String, _ tensor: Tensor) throws(Failure) {
    let key = Array(name.utf8)
    guard indexOfName[key] == nil else {
      throw Failure(.data, at: source, "each tensor once expected, found \(Failure.shown(name)) twice")
    }
    indexOfName[key] = elements.count
    elements.append((name, tensor))
  }

  public subscript(name: String) -> Tensor? { indexOfName[Array(name.utf8)].map { elements[$0].tensor } }
}
