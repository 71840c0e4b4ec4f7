// The value everything is made of: numbers in a shape, with the operation that made them when gradients are wanted.

import EnsueKernels

/// A dense array of numbers with up to six axes, row-major and contiguous.
///
/// A tensor is a value: a copy is independent of its original (memory is shared until one of them is changed).
/// It never changes once it takes part in a gradient.
///
/// Sendable without the compiler's proof: `storage` is only written through `withMutablePointer`, which first
/// makes sure that this value is its only owner, and by the operation that creates it, before anyone else sees it.
public struct Tensor: @unchecked Sendable {
  package private(set) var storage: Storage
  public let shape: Shape
  public let elementType: ElementType
  /// The operation this value came from, when a gradient is to flow back through it.
  package let node: Node?
  /// Which of that operation's results this is.
  package let outputIndex: Int

  package init(storage: Storage, shape: Shape, elementType: ElementType, node: Node? = nil, outputIndex: Int = 0) {
    self.storage = storage
    self.shape = shape
    self.elementType = elementType
    self.node = node
    self.outputIndex = outputIndex
  }

  /// Memory without values, to be filled by the operation that creates it.
  package init(uninitialized shape: Shape, _ elementType: ElementType) {
    self.init(storage: Storage(byteCount: shape.count * elementType.size), shape: shape, elementType: elementType)
  }

  /// A shape and a type where nobody looks at numbers: there is no memory for them.
  package init(withoutNumbers shape: Shape, _ elementType: ElementType) {
    self.init(storage: Storage(byteCount: 0), shape: shape, elementType: elementType)
  }

  public var count: Int { shape.count }

  /// Whether a gradient would flow back through this value.
  public var isTracked: Bool { node != nil }

  /// The same numbers, cut off from the operations that made them.
  public var detached: Tensor { Tensor(storage: storage, shape: shape, elementType: elementType) }

  /// For kernels. Valid while this tensor is.
  package var pointer: UnsafeRawPointer { UnsafeRawPointer(storage.pointer) }

  /// For the operation that creates this tensor, before it is returned.
  package var freshPointer: UnsafeMutableRawPointer { storage.pointer }

  /// Whether no other tensor shares the numbers, which may then be changed in place.
  package mutating func ownsMemory() -> Bool {
    precondition(node == nil, "a tensor that takes part in a gradient cannot be changed")
    return isKnownUniquelyReferenced(&storage)
  }

  /// Changes the numbers in place, after copying them if another tensor shares them.
  package mutating func withMutablePointer<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result {
    if !ownsMemory() {
      let copy = Storage(byteCount: storage.byteCount)
      copy.pointer.copyMemory(from: storage.pointer, byteCount: storage.byteCount)
      storage = copy
    }
    return body(storage.pointer)
  }

  /// The same memory under another shape of the same count, or of fewer elements from the beginning.
  package func viewed(as shape: Shape) -> Tensor {
    precondition(shape.count <= count, "viewed: \(self.shape) has fewer elements than \(shape)")
    return Tensor(storage: storage, shape: shape, elementType: elementType)
  }
}
