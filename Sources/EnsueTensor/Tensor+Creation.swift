// From Swift values to tensors and back.

import EnsueKernels

extension Tensor {
  /// A tensor of 32-bit numbers in row-major order.
  public init(_ values: [Float], shape: Shape) {
    precondition(values.count == shape.count, "\(values.count) values do not fill the shape \(shape)")
    self.init(uninitialized: shape, .float32)
    values.withUnsafeBytes { if let base = $0.baseAddress { freshPointer.copyMemory(from: base, byteCount: $0.count) } }
  }

  /// A tensor of 64-bit numbers in row-major order.
  public init(_ values: [Double], shape: Shape) {
    precondition(values.count == shape.count, "\(values.count) values do not fill the shape \(shape)")
    self.init(uninitialized: shape, .float64)
    values.withUnsafeBytes { if let base = $0.baseAddress { freshPointer.copyMemory(from: base, byteCount: $0.count) } }
  }

  /// The same number everywhere.
  public init(repeating value: Double, shape: Shape, _ elementType: ElementType = .float32) {
    self.init(uninitialized: shape, elementType)
    ensue_fill(elementType.kernel, value, freshPointer, shape.count)
  }

  public static func zeros(_ shape: Shape, _ elementType: ElementType = .float32) -> Tensor {
    Tensor(repeating: 0, shape: shape, elementType)
  }

  public static func ones(_ shape: Shape, _ elementType: ElementType = .float32) -> Tensor {
    Tensor(repeating: 1, shape: shape, elementType)
  }

  /// The numbers in 32 bits, row-major.
  public var floats: [Float] {
    if count == 0 { return [] }
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress { ensue_convert(elementType.kernel, pointer, EnsueElementFloat32, base, count) }
      initialized = count
    }
  }

  /// The numbers in 64 bits, row-major.
  public var doubles: [Double] {
    if count == 0 { return [] }
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress { ensue_convert(elementType.kernel, pointer, EnsueElementFloat64, base, count) }
      initialized = count
    }
  }

  /// The only number of a tensor of one.
  public var scalar: Double {
    precondition(count == 1, "a tensor of shape \(shape) is not one number")
    return doubles[0]
  }

  /// The numbers in another type; no gradient flows through.
  public func converted(to type: ElementType) -> Tensor {
    if type == elementType { return detached }
    let result = Tensor(uninitialized: shape, type)
    ensue_convert(elementType.kernel, pointer, type.kernel, result.freshPointer, count)
    return result
  }

  /// Whether no element is NaN or infinite.
  public var isFinite: Bool { ensue_is_finite(elementType.kernel, pointer, count) != 0 }

  /// Whether both have the same shape, type and bits.
  public func isIdentical(to other: Tensor) -> Bool {
    shape == other.shape && elementType == other.elementType
      && UnsafeRawBufferPointer(start: pointer, count: count * elementType.size)
        .elementsEqual(UnsafeRawBufferPointer(start: other.pointer, count: count * elementType.size))
  }
}

extension Tensor: CustomStringConvertible {
  public var description: String {
    let shown = doubles.prefix(8).map { "\(Float($0))" }.joined(separator: ", ")
    return "Tensor\(shape)(\(shown)\(count > 8 ? ", …" : ""))"
  }
}
