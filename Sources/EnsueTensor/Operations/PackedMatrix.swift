// A matrix laid out for products: in panels, each read from its beginning to its end.

import EnsueKernels

/// A right-hand matrix in panels.
package struct PackedMatrix {
  package let depth: Int
  package let columns: Int
  /// Of what it is multiplied by, and of the results.
  package let elementType: ElementType
  package let precision: WeightPrecisionKind
  let storage: Storage

  /// Packs b, or its transpose.
  /// - Precondition: b is of 32 bits where the precision is less.
  package init(_ b: Tensor, transposed: Bool, _ precision: WeightPrecisionKind = .full) {
    self.init(
      at: b.pointer, stride: b.shape[1], transposed: transposed, depth: b.shape[transposed ? 1 : 0],
      columns: b.shape[transposed ? 0 : 1], b.elementType, precision)
  }

  /// Memory without numbers, in the form of another matrix.
  package init(like other: PackedMatrix, columns: Int) {
    (depth, elementType, precision, self.columns) = (other.depth, other.elementType, other.precision, columns)
    let count = ensue_packed_count(elementType.kernel, depth, columns)
    storage = Storage(byteCount: count * precision.size(of: elementType))
  }

  init(
    at start: UnsafeRawPointer, stride: Int, transposed: Bool, depth: Int, columns: Int, _ type: ElementType,
    _ precision: WeightPrecisionKind = .full
  ) {
    precondition(precision == .full || type == .float32, "weights of fewer bits are multiplied by 32-bit numbers")
    (self.depth, self.columns, elementType, self.precision) = (depth, columns, type, precision)
    func place(_ column: Int) -> UnsafeRawPointer { start + column * (transposed ? stride : 1) * type.size }
    let count = ensue_packed_count(type.kernel, depth, columns)
    // Whole panels are dealt out: threads then write to lines of their own.
    let panel = ensue_panel_columns(type.kernel)
    let (panels, grain) = ((columns + panel - 1) / panel, max(1, (1 << 15) / max(1, panel * depth)))
    storage = Storage(byteCount: count * precision.size(of: type))
    switch precision {
    case .full:
      let target = storage.pointer
      ThreadPool.current.forPieces(of: panels, grain: grain) { range in
        let (first, end) = (range.lowerBound * panel, min(columns, range.upperBound * panel))
        ensue_pack_block(
          type.kernel, place(first), stride, transposed ? 1 : 0, depth, end - first, 0, first, depth, columns, target)
      }
    case .bf16:
      let target = storage.pointer.assumingMemoryBound(to: UInt16.self)
      // A panel at a time in 32 bits: of a large matrix no second copy is made.
      ThreadPool.current.forPieces(of: panels, grain: grain) { panels in
        let work = Storage(byteCount: panel * depth * type.size)
        for column in panels.map({ $0 * panel }) {
          let width = min(panel, columns - column)
          ensue_pack_block(
            type.kernel, place(column), stride, transposed ? 1 : 0, depth, width, 0, 0, depth, width, work.pointer)
          ensue_bfloat16(
            work.pointer.assumingMemoryBound(to: Float.self), target + column * depth,
            ensue_packed_count(type.kernel, depth, width))
        }
      }
    }
  }

  package var pointer: UnsafeRawPointer { UnsafeRawPointer(storage.pointer) }

  /// Columns of the matrix as rows: [ids.count, depth].
  package func gathered(_ ids: [Int32]) -> Tensor {
    precondition(ids.allSatisfy { $0 >= 0 && $0 < columns }, "gathered: an id lies outside \(columns) packed columns")
    let result = Tensor(uninitialized: [ids.count, depth], elementType)
    ids.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      ThreadPool.current.forPieces(of: ids.count, grain: max(1, (1 << 13) / max(1, depth))) { range in
        let (start, target) = (
          base + range.lowerBound, result.freshPointer + range.lowerBound * depth * elementType.size
        )
        switch precision {
        case .full: ensue_packed_columns(elementType.kernel, pointer, depth, columns, start, range.count, target)
        case .bf16:
          ensue_bfloat16_columns(
            pointer.assumingMemoryBound(to: UInt16.self), depth, columns, start, range.count,
            target.assumingMemoryBound(to: Float.self))
        }
      }
    }
    return result
  }

  /// The transpose as a tensor: [columns, depth].
  package var transpose: Tensor { gathered((0..<columns).map(Int32.init)) }
}

/// Sendable without the compiler's proof: its memory is written by its initialiser alone.
extension PackedMatrix: @unchecked Sendable {}
