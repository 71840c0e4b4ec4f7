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
    layout.offsets.withUnsafeBufferPointer { offsets in
      for (position, sequence) in layout.order.enumerated() {
        var done = 0
        while done < layout.lengths[position] {
          let place = lengths[sequence] % Int(ENSUE_KEY_BLOCK)
          let count = min(layout.lengths[position] - done, Int(ENSUE_KEY_BLOCK) - place)
          if place == 0 { blocks[sequence].append(.zeros([blockCount], elementType)) }
          let steps = EnsueSteps(
            offsets: offsets.baseAddress.map { $0 + done }, position: position, count: count)
          write(keys.values, values.values, steps, to: sequence, place: place)
          lengths[sequence] += count
          done += count
        }
      }
    }
  }

  /// Keeps sequences by their places in the caller's order; a place named twice is there twice afterwards.
  public mutating func keepSequences(_ indexes: [Int]) {
    precondition(
      indexes.allSatisfy(lengths.indices.contains), "keepSequences: \(indexes) of a cache of \(lengths.count)")
    blocks = indexes.map { blocks[$0] }
    lengths = indexes.map { lengths[$0] }
  }

  private var keyBlockCount: Int { KeyBlocks.blockCount(elementType, size: keySize, transposed: true) }
  private var valueBlockCount: Int { KeyBlocks.blockCount(elementType, size: valueSize, transposed: false) }
  private var blockCount: Int { headCount * (keyBlockCount + valueBlockCount) }

  /// Steps of all heads into the last block of a sequence.
  private mutating func write(_ keys: Tensor, _ values: Tensor, _ steps: EnsueSteps, to sequence: Int, place: Int) {
    let (type, size, last) = (elementType, elementType.size, blocks[sequence].count - 1)
    let (heads, keySize, valueSize) = (headCount, keySize, valueSize)
    let (keyBytes, valueBytes) = (keyBlockCount * size, valueBlockCount * size)
    blocks[sequence][last].withMutablePointer { block in
      for head in 0..<heads {
        var target: UnsafeMutableRawPointer? = block + head * (keyBytes + valueBytes)
        ensue_attention_pack(
          type.kernel, steps, keys.pointer + head * keySize * size, heads * keySize, keySize, 1, place, &target)
        target = block + head * (keyBytes + valueBytes) + keyBytes
        ensue_attention_pack(
          type.kernel, steps, values.pointer + head * valueSize * size, heads * valueSize, valueSize, 0, place,
          &target)
      }
    }
  }

  /// The blocks of one head of a sequence.
  func blocks(ofSequence sequence: Int, head: Int) -> (keys: KeyBlocks, values: KeyBlocks) {
    let start = head * (keyBlockCount + valueBlockCount) * elementType.size
    let keys = blocks[sequence].map { $0.pointer + start }
    return (KeyBlocks(at: keys), KeyBlocks(at: keys.map { $0 + keyBlockCount * elementType.size }))
  }
}
