// One operation in the record of a computation.

/// An operation whose gradient may be asked for. It never changes after its creation, except for being taken apart
/// when it is freed.
package final class Node: @unchecked Sendable {
  /// Larger than the depth of every input: the backward pass takes the deepest node first.
  let depth: Int
  /// The operations the inputs came from; nil for inputs through which no gradient flows.
  private(set) var inputs: [(node: Node, output: Int)?]
  let outputCount: Int
  /// From the gradients of the outputs to those of the inputs; nil where there is none.
  let pullback: Pullback

  package typealias Pullback = @Sendable ([Gradient?]) -> [Gradient?]

  init(inputs: [Tensor], outputCount: Int, pullback: @escaping Pullback) {
    self.inputs = inputs.map { input in input.node.map { ($0, input.outputIndex) } }
    depth = 1 + (self.inputs.lazy.compactMap { $0?.node.depth }.max() ?? 0)
    self.outputCount = outputCount
    self.pullback = pullback
  }

  /// A long computation is a long chain of nodes. Left to reference counting, its end would free its beginning by
  /// recursion and overflow the stack; here the chain is taken apart in a loop.
  deinit {
    var doomed = inputs.compactMap { $0?.node }
    inputs = []
    while var node = doomed.popLast() {
      if isKnownUniquelyReferenced(&node) {
        doomed.append(contentsOf: node.inputs.lazy.compactMap { $0?.node })
        node.inputs = []
      }
    }
  }
}

extension Tensor {
  /// Marks a value as an input whose gradient is wanted.
  package var asLeaf: Tensor {
    let node = Node(inputs: [], outputCount: 1) { _ in [] }
    return Tensor(storage: storage, shape: shape, elementType: elementType, node: node)
  }

  /// The end of every operation: attaches the derivative to the result when a gradient is wanted.
  ///
  /// - Parameters:
  ///   - name: for checks.
  ///   - inputs: in the order of the gradients that `derivative` returns.
  ///   - derivative: from the gradient of the result to those of the inputs. It must capture detached values only.
  package func recorded(
    _ name: StaticString, _ inputs: [Tensor], derivative: @escaping @Sendable (Tensor) -> [Gradient?]
  ) -> Tensor {
    Checks.verify(self, after: name)
    guard inputs.contains(where: \.isTracked) else { return self }
    let node = Node(inputs: inputs, outputCount: 1) { gradients in
      guard let gradient = gradients[0] else { return [] }
      return derivative(gradient.dense)
    }
    return Tensor(storage: storage, shape: shape, elementType: elementType, node: node)
  }

  /// As `recorded`, for operations with several results.
  package static func recorded(
    _ name: StaticString, _ inputs: [Tensor], results: [Tensor],
    derivative: @escaping @Sendable ([Tensor?]) -> [Gradient?]
  ) -> [Tensor] {
    for result in results { Checks.verify(result, after: name) }
    guard inputs.contains(where: \.isTracked) else { return results }
    let node = Node(inputs: inputs, outputCount: results.count) { gradients in derivative(gradients.map { $0?.dense }) }
    return results.enumerated().map { index, result in
      Tensor(
        storage: result.storage, shape: result.shape, elementType: result.elementType, node: node, outputIndex: index)
    }
  }
}

/// Checks that are too slow for users and on in tests.
package enum Checks {
  /// Whether every operation's result is checked to be finite.
  @TaskLocal package static var areOn = false

  static func verify(_ tensor: Tensor, after operation: StaticString) {
    if areOn { precondition(tensor.isFinite, "\(operation) gave a number that is not finite: \(tensor)") }
  }
}
