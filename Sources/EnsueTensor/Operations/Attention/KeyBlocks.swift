// Keys or values of one head in the blocks that fused attention multiplies by.

import EnsueKernels

/// Blocks of ENSUE_KEY_BLOCK steps, packed, and a table of where they are.
struct KeyBlocks {
  /// One task's memory, kept for as long as the table is used.
  private let storage: Storage
  private let table: Storage

  /// For kernels. Valid while this value is.
  var pointers: UnsafeMutablePointer<UnsafeMutableRawPointer?> {
    table.pointer.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
  }

  static func count(steps: Int) -> Int { (steps + Int(ENSUE_KEY_BLOCK) - 1) / Int(ENSUE_KEY_BLOCK) }

  /// Numbers in one packed block.
  static func blockCount(_ type: ElementType, size: Int, transposed: Bool) -> Int {
    transposed
      ? ensue_packed_count(type.kernel, size, Int(ENSUE_KEY_BLOCK))
      : ensue_packed_count(type.kernel, Int(ENSUE_KEY_BLOCK), size)
  }

  /// Packs the steps of one sequence.
  ///
  /// - Parameters:
  ///   - x: the head's first number in the first packed row.
  ///   - stride: numbers between packed rows.
  ///   - size: numbers of the head.
  init(
    _ type: ElementType, _ x: UnsafeRawPointer, _ steps: EnsueSteps, stride: Int, size: Int, transposed: Bool
  ) {
    let count = KeyBlocks.count(steps: steps.count)
    let blockCount = KeyBlocks.blockCount(type, size: size, transposed: transposed)
    storage = Storage(byteCount: count * blockCount * type.size)
    table = Storage(byteCount: count * MemoryLayout<UnsafeMutableRawPointer?>.stride)
    let pointers = table.pointer.bindMemory(to: UnsafeMutableRawPointer?.self, capacity: count)
    for block in 0..<count {
      (pointers + block).initialize(to: storage.pointer + block * blockCount * type.size)
    }
    ensue_attention_pack(type.kernel, steps, x, stride, size, transposed ? 1 : 0, 0, pointers)
  }
}
