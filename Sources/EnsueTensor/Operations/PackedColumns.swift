// The left side of Aᵀ · B laid out for the kernel's blocks.

import EnsueKernels

/// Columns of a matrix as rows, in the order in which blocks of the result read them; in full precision.
struct PackedColumns {
  private let storage: Storage
  private let count: Int
  private let depth: Int
  private let type: ElementType

  /// Columns that are packed together.
  private static let unit = Int(ENSUE_UNIT_ROWS)

  /// `count` columns of a matrix of `depth` rows, which are `stride` elements apart.
  init(at start: UnsafeRawPointer, stride: Int, count: Int, depth: Int, _ type: ElementType) {
    (self.count, self.depth, self.type) = (count, depth, type)
    storage = Storage(byteCount: count * depth * type.size)
    let (target, unit) = (storage.pointer, PackedColumns.unit)
    ThreadPool.current.forPieces(
      of: (count + unit - 1) / unit, grain: max(1, (1 << 15) / max(1, unit * depth))
    ) { units in
      for first in units.map({ $0 * unit }) {
        ensue_pack_columns(
          type.kernel, start + first * type.size, stride, min(unit, count - first), depth,
          target + first * depth * type.size)
      }
    }
  }

  /// result = selfᵀ · right (+ result).
  func multiply(_ right: PackedMatrix, accumulates: Bool, into result: Tensor) {
    let (columns, panel) = (right.columns, ensue_panel_columns(type.kernel))
    let target = result.freshPointer
    ThreadPool.current.forBlocks(
      rows: count, multiple: PackedColumns.unit, grain: (1 << 18) / max(1, depth * columns),
      columnGroups: (columns + panel - 1) / panel
    ) { rows, number in
      let first = number * panel
      ensue_multiply_columns(
        type.kernel, storage.pointer + rows.lowerBound * depth * type.size, right.pointer + first * depth * type.size,
        accumulates ? 1 : 0, target + (rows.lowerBound * columns + first) * type.size, columns, rows.count, depth,
        min(panel, columns - first))
    }
  }
}
