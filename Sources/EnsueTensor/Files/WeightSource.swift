// Tensors by name, wherever they lie: in a file, in a folder of files, in memory.

import EnsueFiles

/// Where a model's weights come from.
public protocol WeightSource: ~Copyable {
  /// What is named in messages: a path.
  var source: String { get }
  /// All names, in the source's order.
  var names: [String] { get }
  /// The number of elements of all tensors.
  var elementCount: Int { get }
  /// The shape of a tensor, known before it is read; nil when there is none of this name.
  func sizes(_ name: String) -> [Int]?
  /// A tensor of floating-point numbers.
  /// - Throws: `Failure` where there is none of this name, or it cannot be read.
  func tensor(_ name: String) throws -> Tensor
}

extension WeightSource where Self: ~Copyable {
  /// Refuses a source that is too small for a model, before memory is taken for the model.
  /// - Parameter least: weights that the model has, at least.
  /// - Throws: `Failure` of kind `data`.
  public func require(elements least: Double) throws(Failure) {
    guard Double(elementCount) < least else { return }
    let expected = UInt64(exactly: least.rounded()).map(String.init) ?? "\(least)"
    throw Failure(.data, at: source, "at least \(expected) weights expected, found \(elementCount)")
  }
}
