// Tensors of random numbers.

import EnsueKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Tensor {
  /// Independent numbers, uniform on `range`.
  public static func uniform(
    _ shape: Shape, in range: ClosedRange<Double> = 0...1, key: RandomKey, _ elementType: ElementType = .float32
  ) -> Tensor {
    let unit = Tensor(uninitialized: shape, elementType)
    ensue_uniform(elementType.kernel, unit.freshPointer, key.seed, key.stream, 0, shape.count)
    return unit.scaled(by: range.upperBound - range.lowerBound, shift: range.lowerBound)
  }

  /// Independent normal numbers (Box and Muller 1958).
  public static func normal(
    _ shape: Shape, mean: Double = 0, deviation: Double = 1, key: RandomKey, _ elementType: ElementType = .float32
  ) -> Tensor {
    let pairs = Tensor.uniform([shape.count, 2], key: key, .float64).doubles
    let values = (0..<shape.count).map { index in
      let radius = (-2 * log(1 - pairs[2 * index])).squareRoot()
      return mean + deviation * radius * cos(2 * Double.pi * pairs[2 * index + 1])
    }
    return Tensor(values, shape: shape).converted(to: elementType)
  }

  /// Ones with a probability, taken to the nearest 1/65536; zeros otherwise.
  public static func bernoulli(
    _ shape: Shape, probability: Double, key: RandomKey, _ elementType: ElementType = .float32
  ) -> Tensor {
    let ones = Tensor.ones(shape, elementType)
    let mask = ones.dropout(rate: 1 - probability, key: key)
    let result = Tensor(uninitialized: shape, elementType)
    // The derivative of max(0, ·): one where the mask kept the value, whatever it was divided by.
    ensue_unary_gradient(
      elementType.kernel, EnsueUnaryReLU, mask.pointer, mask.pointer, ones.pointer, result.freshPointer, shape.count)
    return result
  }

  /// Dropout (Srivastava et al. 2014): each element is zero with probability `rate`, else divided by 1 - rate.
  /// The rate is taken to the nearest 1/65536.
  public func dropout(rate: Double, key: RandomKey) -> Tensor {
    precondition((0..<1).contains(rate), "dropout: the rate \(rate) lies outside 0..<1")
    let keep = UInt32(max(1, ((1 - rate) * 65536).rounded()))
    if keep == 65536 { return self }
    return masked(keep, key).recorded("dropout", [self]) { [.dense($0.masked(keep, key))] }
  }

  private func masked(_ keep: UInt32, _ key: RandomKey) -> Tensor {
    let result = Tensor(uninitialized: shape, elementType)
    ThreadPool.current.forPieces(of: count, grain: 1 << 14) { range in
      let offset = range.lowerBound * elementType.size
      ensue_dropout(
        elementType.kernel, pointer + offset, result.freshPointer + offset, key.seed, key.stream,
        UInt64(range.lowerBound), keep, range.count)
    }
    return result
  }
}
