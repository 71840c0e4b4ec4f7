// Keys and values of steps that have been seen, for decoding one step after another.

import EnsueKernels

/// Keys and values of a batch of sequences that grow, in the blocks that fused attention multiplies by. A value:
/// copies share blocks until one of them grows, so that hypotheses of a beam share their beginnings.
public struct KeyValueCache: Sendable {
  /// Heads of keys and values.
  public let headCount: Int
  /// Numbers of one head of keys.
  public let keySize: Int
  /// Numbers of one head of values.
  public let valueSize: Int
  public let elementType: ElementType
  /// The steps of each sequence, in the caller's order; empty before the first steps are appended.
  public private(set) var lengths: [Int] = []
  /// For each sequence in the caller's order its blocks: for each head, packed keys and packed values.
  private var blocks: [[Tensor]] = []

  public init(headCount: Int, keySize: Int, valueSize: Int, _ elementType: ElementType = .float32) {
    precondition(
      headCount > 0 && keySize > 0 && valueSize > 0,
      "a cache of \(headCount) heads with keys of \(keySize) and values of \(valueSize) numbers")
    (self.headCount, self.keySize, self.valueSize, self.elementType) = (headCount, keySize, valueSize, elementType)
  }

  /// Appends steps to every sequence.
  ///
  /// - Parameters:
  ///   - keys: [rows, heads · key size]; the same sequences in the caller's order at every call.
  ///   - values: [rows, heads · value size], of the same layout.
  public mutating func append(keys: PackedSequence, values: PackedSequence) {
    let layout = keys.layout
    precondition(
      values.layout == layout && keys.featureCount == headCount * keySize
        && values.featureCount == headCount * valueSize && keys.values.elementType == elementType
        && values.values.elementType == elementType,
      """
      append: keys \(keys.values.shape) and values \(values.values.shape) do not fit a cache of \(headCount) heads with \
      keys of \(keySize) and values of \(valueSize) numbers of \(elementType)
      """)
    if lengths.isEmpty {
      lengths = [Int](repeating: 0, count: layout.batchSize)
      blocks = [[Tensor]](repeating: [], count: layout.batchSize)
    }
    precondition(
      lengths.count == layout.batchSize, "append: \(layout.batchSize) sequences to a cache of \(lengths.count)")
    let (write, sequences) = (AppendedSteps(keys, values, like: self), layout.order)
    layout.offsets.withUnsafeBufferPointer { offsets in
      blocks.withUnsafeMutableBufferPointer { blocks in
        // Every share changes the blocks of its own sequences; what hypotheses share is copied there.
        let numbers = layout.rowCount / max(1, layout.batchSize) * write.rowSize
        let grain = max(1, KeyValueCache.smallestShare / max(1, numbers))
        ThreadPool.current.forPieces(of: layout.batchSize, grain: grain) { positions in
          for position in positions {
            let steps = EnsueSteps(offsets: offsets.baseAddress, position: position, count: layout.lengths[position])
            write.append(steps, to: &blocks[sequences[position]], after: lengths[sequences[position]])
          }
        }
      }
    }
    for (position, sequence) in layout.order.enumerated() { lengths[sequence] += layout.lengths[position] }
  }

  /// Keeps sequences by their places in the caller's order; a place named twice is there twice afterwards.
  public mutating func keepSequences(_ indexes: [Int]) {
    precondition(
      indexes.allSatisfy(lengths.indices.contains), "keepSequences: \(indexes) of a cache of \(lengths.count)")
    blocks = indexes.map { blocks[$0] }
    lengths = indexes.map { lengths[$0] }
  }

  fileprivate var keyBlockCount: Int { KeyBlocks.blockCount(elementType, size: keySize, transposed: true) }
  fileprivate var valueBlockCount: Int { KeyBlocks.blockCount(elementType, size: valueSize, transposed: false) }
  fileprivate var headBytes: Int { (keyBlockCount + valueBlockCount) * elementType.size }

  /// Numbers that a thread writes at least.
  private static let smallestShare = 1 << 12

  /// Where the blocks of some heads of a sequence stand. Valid while the cache is as it is.
  func tables(ofSequence sequence: Int, heads: Range<Int>) -> CachedBlocks {
    CachedBlocks(blocks[sequence], heads: heads, headBytes: headBytes, keyBytes: keyBlockCount * elementType.size)
  }
}

/// Steps on their way into a cache.
private struct AppendedSteps {
  private let keys: Tensor
  private let values: Tensor
  private let cache: (headCount: Int, keySize: Int, valueSize: Int, headBytes: Int, keyBytes: Int)
  private let type: ElementType

  init(_ keys: PackedSequence, _ values: PackedSequence, like cache: KeyValueCache) {
    (self.keys, self.values, type) = (keys.values.detached, values.values.detached, cache.elementType)
    self.cache = (
      cache.headCount, cache.keySize, cache.valueSize, cache.headBytes, cache.keyBlockCount * cache.elementType.size
    )
  }

  /// Numbers of one step.
  var rowSize: Int { cache.headCount * (cache.keySize + cache.valueSize) }

  /// Adds a sequence's steps to its blocks, which hold `length` steps.
  func append(_ steps: EnsueSteps, to blocks: inout [Tensor], after length: Int) {
    var done = 0
    while done < steps.count {
      let place = (length + done) % Int(ENSUE_KEY_BLOCK)
      if place == 0 { blocks.append(emptyBlock) }
      var some = steps
      some.offsets = steps.offsets.map { $0 + done }
      some.count = min(steps.count - done, Int(ENSUE_KEY_BLOCK) - place)
      write(some, to: &blocks[blocks.count - 1], place: place)
      done += some.count
    }
  }

  private var emptyBlock: Tensor { Tensor(uninitialized: [cache.headCount * cache.headBytes / type.size], type) }

  /// Memory of its own with the first steps of a block that others share.
  private func copy(_ block: Tensor, steps: Int) -> Tensor {
    let copy = emptyBlock
    for head in 0..<cache.headCount {
      let (from, to) = (block.pointer + head * cache.headBytes, copy.freshPointer + head * cache.headBytes)
      ensue_attention_copy(type.kernel, from, steps, cache.keySize, 1, to)
      ensue_attention_copy(type.kernel, from + cache.keyBytes, steps, cache.valueSize, 0, to + cache.keyBytes)
    }
    return copy
  }

  private func write(_ steps: EnsueSteps, to block: inout Tensor, place: Int) {
    // Most of a block that hypotheses share is often empty.
    if !block.ownsMemory() { block = copy(block, steps: place) }
    let (heads, keySize, valueSize) = (cache.headCount, cache.keySize, cache.valueSize)
    block.withMutablePointer { block in
      for head in 0..<heads {
        var target: UnsafeMutableRawPointer? = block + head * cache.headBytes
        ensue_attention_pack(
          type.kernel, steps, keys.pointer + head * keySize * type.size, heads * keySize, keySize, 1, place, &target)
        target = block + head * cache.headBytes + cache.keyBytes
        ensue_attention_pack(
          type.kernel, steps, values.pointer + head * valueSize * type.size, heads * valueSize, valueSize, 0, place,
          &target)
      }
    }
  }
}

/// Tables of where the blocks of a sequence stand, for kernels: for each head its keys, then its values.
struct CachedBlocks {
  private let table: Storage
  private let blockCount: Int
  private let heads: Range<Int>

  fileprivate init(_ blocks: [Tensor], heads: Range<Int>, headBytes: Int, keyBytes: Int) {
    (blockCount, self.heads) = (blocks.count, heads)
    table = Storage(byteCount: heads.count * 2 * blocks.count * MemoryLayout<UnsafeMutableRawPointer?>.stride)
    let pointers = table.pointer.bindMemory(
      to: UnsafeMutableRawPointer?.self, capacity: heads.count * 2 * blocks.count)
    for (index, block) in blocks.enumerated() {
      for head in heads {
        let keys = UnsafeMutableRawPointer(mutating: block.pointer + head * headBytes)
        let place = pointers + (head - heads.lowerBound) * 2 * blockCount + index
        place.initialize(to: keys)
        (place + blockCount).initialize(to: keys + keyBytes)
      }
    }
  }

  func keys(ofHead head: Int) -> UnsafeMutablePointer<UnsafeMutableRawPointer?> {
    table.pointer.assumingMemoryBound(to: UnsafeMutableRawPointer?.self) + (head - heads.lowerBound) * 2 * blockCount
  }

  func values(ofHead head: Int) -> UnsafeMutablePointer<UnsafeMutableRawPointer?> { keys(ofHead: head) + blockCount }
}
