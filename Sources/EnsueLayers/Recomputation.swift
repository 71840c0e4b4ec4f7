// Parts of a model whose inner values the backward pass makes again (Chen et al. 2016).

import EnsueTensor

/// What is kept of a block between its forward and its backward pass.
public enum ActivationMemoryKind: String, Codable, CaseIterable, Sendable {
  /// Everything its derivative reads.
  case kept
  /// Its input alone; the backward pass runs the block a second time.
  case recomputed

  public var summary: String {
    switch self {
    case .kept: "every value that the derivative reads"
    case .recomputed: "the input alone; the rest is made again (Chen et al. 2016)"
    }
  }

  /// part(x), with the gradients of the part's parameters and of x: the same bits in either case.
  ///
  /// - Parameter function: row by row or not; it must use the part that it is given, and capture no tracked values.
  public func run<Part: Module>(
    _ part: Part, _ x: Tensor, _ function: @escaping @Sendable (Part, Tensor) -> Tensor
  ) -> Tensor {
    switch self {
    case .kept: return function(part, x)
    case .recomputed:
      var blank = part
      var inputs = [x]
      blank.forEachParameter { _, tensor, _ in
        inputs.append(tensor)
        tensor = tensor.detached
      }
      let untracked = blank
      return Tensor.recomputed(inputs) { inputs in
        var copy = untracked
        var index = 0
        copy.forEachParameter { _, tensor, _ in
          index += 1
          tensor = inputs[index]
        }
        return function(copy, inputs[0])
      }
    }
  }
}
