// A gradient of one tensor: dense, or some rows of a table.

import EnsueKernels

/// The derivative of a loss with respect to a tensor.
public enum Gradient: Sendable {
  case dense(Tensor)
  /// Only some rows of a table differ from zero: an embedding sees a few of its words in a batch.
  case rows(RowGradient)

  /// The gradient with all its zeros.
  public var dense: Tensor {
    switch self {
    case .dense(let tensor): tensor
    case .rows(let rows): rows.dense
    }
  }

  /// The numbers that may differ from zero.
  package var values: Tensor {
    switch self {
    case .dense(let tensor): tensor
    case .rows(let rows): rows.values
    }
  }

  /// self + other; in place where self is the only owner of its memory.
  package consuming func adding(_ other: Gradient) -> Gradient {
    if case .rows(let first) = self, case .rows(let second) = other { return .rows(first + second) }
    var sum: Tensor
    switch consume self {
    case .dense(let tensor): sum = tensor
    case .rows(let rows): sum = rows.dense
    }
    sum.accumulate(other.dense)
    return .dense(sum)
  }

  /// The gradient with every finite element brought into -limit ... limit.
  package func clipped(toValue limit: Double) -> Gradient { mapped { $0.clipped(toValue: limit) } }

  /// The gradient times a number.
  package func scaled(by factor: Double) -> Gradient { mapped { $0.scaled(by: factor) } }

  private func mapped(_ change: (Tensor) -> Tensor) -> Gradient {
    switch self {
    case .dense(let tensor): .dense(change(tensor))
    case .rows(let rows): .rows(RowGradient(ids: rows.ids, values: change(rows.values), rowCount: rows.rowCount))
    }
  }
}

/// Rows of a gradient of shape [rowCount, columns]; all others are zero.
public struct RowGradient: Sendable {
  /// The rows, each once, in the order of `values`.
  public let ids: [Int32]
  /// [ids.count, columns]
  public let values: Tensor
  public let rowCount: Int

  /// Sums rows of `values` that have the same id.
  init(summing values: Tensor, ids: [Int32], rowCount: Int) {
    var slotOfRow = [Int32](repeating: -1, count: rowCount)
    var unique: [Int32] = []
    let slots = ids.map { id -> Int32 in
      if slotOfRow[Int(id)] < 0 {
        slotOfRow[Int(id)] = Int32(unique.count)
        unique.append(id)
      }
      return slotOfRow[Int(id)]
    }
    let columns = values.shape.columns
    let sums = Tensor.zeros([unique.count, columns], values.elementType)
    slots.withUnsafeBufferPointer {
      ensue_scatter_rows(
        values.elementType.kernel, values.pointer, $0.baseAddress, sums.freshPointer, slots.count, columns)
    }
    self.init(ids: unique, values: sums, rowCount: rowCount)
  }

  init(ids: [Int32], values: Tensor, rowCount: Int) {
    self.ids = ids
    self.values = values
    self.rowCount = rowCount
  }

  var dense: Tensor {
    let columns = values.shape.columns
    let result = Tensor.zeros([rowCount, columns], values.elementType)
    ids.withUnsafeBufferPointer {
      ensue_scatter_rows(
        values.elementType.kernel, values.pointer, $0.baseAddress, result.freshPointer, ids.count, columns)
    }
    return result
  }

  static func + (left: RowGradient, right: RowGradient) -> RowGradient {
    RowGradient(
      summing: concatenated([left.values, right.values], axis: 0).detached, ids: left.ids + right.ids,
      rowCount: left.rowCount)
  }
}

extension Tensor {
  /// self += scale · other, in place where self is the only owner of its memory.
  package mutating func accumulate(_ other: Tensor, scale: Double = 1) {
    precondition(
      shape == other.shape && elementType == other.elementType,
      "accumulate: \(shape) of \(elementType) and \(other.shape) of \(other.elementType) differ")
    let (type, shared) = (elementType, ownsMemory() ? nil : self)
    if shared != nil { self = Tensor(uninitialized: shape, elementType) }
    let target = freshPointer
    ThreadPool.current.forPieces(of: count, grain: 1 << 15) { range in
      let (offset, bytes) = (range.lowerBound * type.size, range.count * type.size)
      if let shared { (target + offset).copyMemory(from: shared.pointer + offset, byteCount: bytes) }
      ensue_accumulate(type.kernel, other.pointer + offset, scale, target + offset, range.count)
    }
  }

  /// scale · self + shift, without a gradient.
  package func scaled(by scale: Double, shift: Double = 0) -> Tensor {
    let result = Tensor(uninitialized: shape, elementType)
    ThreadPool.current.forPieces(of: count, grain: 1 << 15) { range in
      let offset = range.lowerBound * elementType.size
      ensue_affine(elementType.kernel, pointer + offset, scale, shift, result.freshPointer + offset, range.count)
    }
    return result
  }

  /// Every finite number brought into -limit ... limit, without a gradient; NaN and ±∞ stay, to be found.
  package func clipped(toValue limit: Double) -> Tensor {
    let result = Tensor(uninitialized: shape, elementType)
    ThreadPool.current.forPieces(of: count, grain: 1 << 15) { range in
      let offset = range.lowerBound * elementType.size
      ensue_clip(elementType.kernel, pointer + offset, limit, result.freshPointer + offset, range.count)
    }
    return result
  }
}
