// The same numbers in another arrangement.

import EnsueKernels

extension Tensor {
  /// The same numbers in row-major order under another shape of the same count.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "reshaped: \(self.shape) does not have the \(shape.count) elements of \(shape)")
    let before = self.shape
    return viewed(as: shape).recorded("reshaped", [self]) { [.dense($0.viewed(as: before))] }
  }

  /// The transpose of a matrix.
  public func transposed() -> Tensor {
    precondition(shape.rank == 2, "transposed: a matrix expected, found \(shape)")
    return transposedValues.recorded("transposed", [self]) { [.dense($0.transposedValues)] }
  }

  private var transposedValues: Tensor {
    let result = Tensor(uninitialized: [shape[1], shape[0]], elementType)
    ensue_transpose(elementType.kernel, pointer, result.freshPointer, shape[0], shape[1])
    return result
  }

  /// Positions `range` along an axis.
  public func sliced(_ range: Range<Int>, axis: Int = -1) -> Tensor {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "sliced: \(range) lies outside the axis \(axis) of \(shape)")
    let result = Tensor(uninitialized: shape.replacing(axis: axis, with: range.count), elementType)
    AxisCopy(whole: shape, part: result.shape, axis: axis, start: range.lowerBound, size: elementType.size)
      .toPart(from: pointer, result.freshPointer)
    let (whole, type) = (shape, elementType)
    return result.recorded("sliced", [self]) { gradient in
      let spread = Tensor.zeros(whole, type)
      AxisCopy(whole: whole, part: gradient.shape, axis: axis, start: range.lowerBound, size: type.size)
        .toWhole(from: gradient.pointer, spread.freshPointer)
      return [.dense(spread)]
    }
  }
}

/// Tensors of the same shape but for one axis, one after another along it.
public func concatenated(_ parts: [Tensor], axis: Int = -1) -> Tensor {
  precondition(!parts.isEmpty, "concatenated: nothing to concatenate")
  let size = parts.reduce(0) { $0 + $1.shape[axis] }
  let first = parts[0]
  for part in parts {
    precondition(
      part.shape.replacing(axis: axis, with: size) == first.shape.replacing(axis: axis, with: size)
        && part.elementType == first.elementType, "concatenated: \(first.shape) and \(part.shape) do not fit")
  }
  let result = Tensor(uninitialized: first.shape.replacing(axis: axis, with: size), first.elementType)
  var starts: [Int] = []
  var start = 0
  for part in parts {
    starts.append(start)
    AxisCopy(whole: result.shape, part: part.shape, axis: axis, start: start, size: first.elementType.size)
      .toWhole(from: part.pointer, result.freshPointer)
    start += part.shape[axis]
  }
  let (shapes, tracked, whole, type) = (parts.map(\.shape), parts.map(\.isTracked), result.shape, first.elementType)
  let offsets = starts
  return result.recorded("concatenated", parts) { gradient in
    shapes.indices.map { index in
      guard tracked[index] else { return nil }
      let piece = Tensor(uninitialized: shapes[index], type)
      AxisCopy(whole: whole, part: shapes[index], axis: axis, start: offsets[index], size: type.size)
        .toPart(from: gradient.pointer, piece.freshPointer)
      return .dense(piece)
    }
  }
}

/// Copies between a tensor and a part of it along one axis.
private struct AxisCopy {
  let outer: Int
  let wholeBytes: Int
  let partBytes: Int
  let startBytes: Int

  init(whole: Shape, part: Shape, axis: Int, start: Int, size: Int) {
    let index = whole.index(of: axis)
    let inner = whole.sizes[(index + 1)...].reduce(1, *) * size
    outer = whole.sizes[..<index].reduce(1, *)
    wholeBytes = whole.sizes[index] * inner
    partBytes = part.sizes[index] * inner
    startBytes = start * inner
  }

  private var grain: Int { max(1, (1 << 16) / max(1, partBytes)) }

  func toPart(from whole: UnsafeRawPointer, _ part: UnsafeMutableRawPointer) {
    ThreadPool.current.forPieces(of: outer, grain: grain) { range in
      for o in range {
        (part + o * partBytes).copyMemory(from: whole + o * wholeBytes + startBytes, byteCount: partBytes)
      }
    }
  }

  func toWhole(from part: UnsafeRawPointer, _ whole: UnsafeMutableRawPointer) {
    ThreadPool.current.forPieces(of: outer, grain: grain) { range in
      for o in range {
        (whole + o * wholeBytes + startBytes).copyMemory(from: part + o * partBytes, byteCount: partBytes)
      }
    }
  }
}
