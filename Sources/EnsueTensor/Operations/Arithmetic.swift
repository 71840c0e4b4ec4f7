// Sums, differences, products and quotients of two tensors. An axis of size 1 (or a missing leading axis) repeats
// along the other's: [32, 128] + [128], [32, 128] · [32, 1].

import EnsueKernels

extension Tensor {
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    let (shapeLeft, shapeRight) = (left.shape, right.shape)
    let (needsLeft, needsRight) = (left.isTracked, right.isTracked)
    return combined("add", EnsueBinaryAdd, left, right).recorded("add", [left, right]) { gradient in
      [
        needsLeft ? .dense(gradient.summed(to: shapeLeft)) : nil,
        needsRight ? .dense(gradient.summed(to: shapeRight)) : nil,
      ]
    }
  }

  public static func - (left: Tensor, right: Tensor) -> Tensor {
    let (shapeLeft, shapeRight) = (left.shape, right.shape)
    let (needsLeft, needsRight) = (left.isTracked, right.isTracked)
    return combined("subtract", EnsueBinarySubtract, left, right).recorded("subtract", [left, right]) { gradient in
      [
        needsLeft ? .dense(gradient.summed(to: shapeLeft)) : nil,
        needsRight ? .dense(gradient.summed(to: shapeRight).scaled(by: -1)) : nil,
      ]
    }
  }

  public static func * (left: Tensor, right: Tensor) -> Tensor {
    let (a, b) = (left.detached, right.detached)
    let (needsLeft, needsRight) = (left.isTracked, right.isTracked)
    return combined("multiply", EnsueBinaryMultiply, a, b).recorded("multiply", [left, right]) { gradient in
      [
        needsLeft ? .dense(combined("multiply", EnsueBinaryMultiply, gradient, b).summed(to: a.shape)) : nil,
        needsRight ? .dense(combined("multiply", EnsueBinaryMultiply, gradient, a).summed(to: b.shape)) : nil,
      ]
    }
  }

  public static func / (left: Tensor, right: Tensor) -> Tensor {
    let (a, b) = (left.detached, right.detached)
    let (needsLeft, needsRight) = (left.isTracked, right.isTracked)
    let quotient = combined("divide", EnsueBinaryDivide, a, b)
    return quotient.recorded("divide", [left, right]) { gradient in
      let overB = combined("divide", EnsueBinaryDivide, gradient, b)
      return [
        needsLeft ? .dense(overB.summed(to: a.shape)) : nil,
        needsRight
          ? .dense(combined("multiply", EnsueBinaryMultiply, overB, quotient).summed(to: b.shape).scaled(by: -1)) : nil,
      ]
    }
  }

  public static func + (left: Tensor, right: Double) -> Tensor { left.affine(scale: 1, shift: right) }
  public static func - (left: Tensor, right: Double) -> Tensor { left.affine(scale: 1, shift: -right) }
  public static func - (left: Double, right: Tensor) -> Tensor { right.affine(scale: -1, shift: left) }
  public static func * (left: Tensor, right: Double) -> Tensor { left.affine(scale: right) }
  public static func * (left: Double, right: Tensor) -> Tensor { right.affine(scale: left) }
  public static func / (left: Tensor, right: Double) -> Tensor { left.affine(scale: 1 / right) }

  /// The forward computation, with repetition of axes of size 1.
  private static func combined(_ name: StaticString, _ function: EnsueBinary, _ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(a.elementType == b.elementType, "\(name): element types \(a.elementType) and \(b.elementType) differ")
    guard let plan = RepetitionPlan(a.shape, b.shape) else {
      preconditionFailure("\(name): shapes \(a.shape) and \(b.shape) do not fit")
    }
    let result = Tensor(uninitialized: plan.shape, a.elementType)
    let (type, size) = (a.elementType.kernel, a.elementType.size)
    if plan.outerCount == 1 {
      ThreadPool.current.forPieces(of: plan.innerCount, grain: 1 << 15) { range in
        let start = range.lowerBound * size
        ensue_binary(
          type, function, a.pointer + start * plan.innerStepA, plan.innerStepA, b.pointer + start * plan.innerStepB,
          plan.innerStepB, result.freshPointer + start, range.count)
      }
      return result
    }
    ThreadPool.current.forPieces(of: plan.outerCount, grain: max(1, (1 << 14) / max(1, plan.innerCount))) { range in
      for outer in range {
        let (offsetA, offsetB) = plan.offsets(outer)
        ensue_binary(
          type, function, a.pointer + offsetA * size, plan.innerStepA, b.pointer + offsetB * size, plan.innerStepB,
          result.freshPointer + outer * plan.innerCount * size, plan.innerCount)
      }
    }
    return result
  }

  /// The sum over the axes along which a tensor of `shape` was repeated to this one's.
  package func summed(to shape: Shape) -> Tensor {
    if self.shape == shape { return detached }
    var sum = detached
    let missing = self.shape.rank - shape.rank
    // From the last: removing an axis moves those after it.
    for axis in (0..<self.shape.rank).reversed() where axis < missing || shape[axis - missing] != self.shape[axis] {
      sum = sum.sumValues(axis: axis)
    }
    return sum.viewed(as: shape)
  }
}

/// How two shapes meet: an outer walk over which each operand has an offset, and an inner run of one step.
private struct RepetitionPlan {
  let shape: Shape
  let innerCount: Int
  let innerStepA: Int
  let innerStepB: Int
  let outerCount: Int
  private let outerSizes: [Int]
  private let outerStepsA: [Int]
  private let outerStepsB: [Int]

  init?(_ a: Shape, _ b: Shape) {
    let rank = max(a.rank, b.rank)
    let sizesA = Array(repeating: 1, count: rank - a.rank) + a.sizes
    let sizesB = Array(repeating: 1, count: rank - b.rank) + b.sizes
    guard zip(sizesA, sizesB).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else { return nil }
    let sizes = zip(sizesA, sizesB).map { $0 == 1 ? $1 : $0 }
    shape = Shape(sizes)
    let stepsA = RepetitionPlan.steps(sizesA)
    let stepsB = RepetitionPlan.steps(sizesB)
    // The inner run: the longest tail of axes in which each operand either walks or stands still throughout.
    var inner = 1
    var split = rank
    var walksA: Bool?
    var walksB: Bool?
    while split > 0 {
      let axis = split - 1
      if sizes[axis] != 1 {
        let (nextA, nextB) = (sizesA[axis] != 1, sizesB[axis] != 1)
        guard walksA ?? nextA == nextA, walksB ?? nextB == nextB else { break }
        (walksA, walksB) = (nextA, nextB)
        inner *= sizes[axis]
      }
      split = axis
    }
    innerCount = inner
    innerStepA = walksA ?? true ? 1 : 0
    innerStepB = walksB ?? true ? 1 : 0
    outerSizes = Array(sizes[..<split])
    outerStepsA = Array(stepsA[..<split])
    outerStepsB = Array(stepsB[..<split])
    outerCount = inner == 0 ? 0 : outerSizes.reduce(1, *)
  }

  /// The distance of neighbours along each axis; 0 along a repeated one.
  private static func steps(_ sizes: [Int]) -> [Int] {
    var steps = [Int](repeating: 0, count: sizes.count)
    var step = 1
    for axis in sizes.indices.reversed() {
      steps[axis] = sizes[axis] == 1 ? 0 : step
      step *= sizes[axis]
    }
    return steps
  }

  func offsets(_ outer: Int) -> (a: Int, b: Int) {
    var (rest, a, b) = (outer, 0, 0)
    for axis in outerSizes.indices.reversed() {
      let position = rest % outerSizes[axis]
      rest /= outerSizes[axis]
      a += position * outerStepsA[axis]
      b += position * outerStepsB[axis]
    }
    return (a, b)
  }
}
