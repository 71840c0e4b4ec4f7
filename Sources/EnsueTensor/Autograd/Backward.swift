// The backward pass: from a loss to the gradients of the leaves, deepest operation first, without recursion.

extension Tensor {
  /// ∂self/∂leaf for each of `leaves`; nil for a leaf that self does not depend on.
  package func gradients(of leaves: [Tensor]) -> [Gradient?] {
    precondition(count == 1, "gradients are of one number, not of a tensor of shape \(shape)")
    return gradients(of: leaves, from: Tensor(repeating: 1, shape: shape, elementType))
  }

  /// Σ upstream ⊙ ∂self/∂leaf for each of `leaves`; nil for a leaf that self does not depend on.
  func gradients(of leaves: [Tensor], from upstream: Tensor) -> [Gradient?] {
    guard let root = node else { return leaves.map { _ in nil } }
    var pass = BackwardPass(leaves: leaves.compactMap { $0.node })
    pass.deliver(.dense(upstream), to: root, output: outputIndex)
    while let (node, gradients) = pass.next() {
      let inputGradients = node.pullback(gradients)
      for (input, gradient) in zip(node.inputs, inputGradients) {
        if let input, let gradient { pass.deliver(gradient, to: input.node, output: input.output) }
      }
    }
    return leaves.map { leaf in leaf.node.flatMap { pass.gradient(of: $0) } }
  }
}

/// The operations that have received a gradient and wait for their turn.
private struct BackwardPass {
  private struct Entry {
    let node: Node
    let order: Int
    var gradients: [Gradient?]

    /// Deepest first; of equal depth, the first to receive a gradient.
    func isBefore(_ other: Entry) -> Bool {
      node.depth != other.node.depth ? node.depth > other.node.depth : order < other.order
    }
  }

  private var entries: [Entry] = []
  private var indexOfNode: [ObjectIdentifier: Int] = [:]
  /// A binary heap of indices into `entries`.
  private var heap: [Int] = []
  private let leaves: Set<ObjectIdentifier>

  init(leaves: [Node]) { self.leaves = Set(leaves.map(ObjectIdentifier.init)) }

  func gradient(of leaf: Node) -> Gradient? {
    indexOfNode[ObjectIdentifier(leaf)].flatMap { entries[$0].gradients[0] }
  }

  mutating func deliver(_ gradient: Gradient, to node: Node, output: Int) {
    let identifier = ObjectIdentifier(node)
    if let index = indexOfNode[identifier] {
      // Taken out first, so that the sum can be made in place.
      guard let before = entries[index].gradients[output].take() else {
        entries[index].gradients[output] = gradient
        return
      }
      entries[index].gradients[output] = before.adding(gradient)
      return
    }
    var gradients = [Gradient?](repeating: nil, count: node.outputCount)
    gradients[output] = gradient
    indexOfNode[identifier] = entries.count
    entries.append(Entry(node: node, order: entries.count, gradients: gradients))
    if !leaves.contains(identifier) { push(entries.count - 1) }
  }

  mutating func next() -> (Node, [Gradient?])? {
    guard let index = pop() else { return nil }
    let entry = entries[index]
    // Its gradients are of no more use: let them go early.
    entries[index].gradients = []
    return (entry.node, entry.gradients)
  }

  private mutating func push(_ index: Int) {
    heap.append(index)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[heap[child]].isBefore(entries[heap[parent]]) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func pop() -> Int? {
    guard let top = heap.first else { return nil }
    heap[0] = heap[heap.count - 1]
    heap.removeLast()
    var parent = 0
    while true {
      var first = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if entries[heap[child]].isBefore(entries[heap[first]]) { first = child }
      }
      if first == parent { return top }
      heap.swapAt(parent, first)
      parent = first
    }
  }
}
