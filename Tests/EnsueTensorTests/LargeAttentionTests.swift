// Fused attention at the size of a large batch: 8 sequences of 2,048 steps with 6 heads, forward and backward.

#if os(Linux)
  import EnsueFiles
  import EnsueLayers
  import EnsueTensor
  import EnsueTestSupport
  import Testing

  /// What one pass takes and gives.
  private enum LargeAttention {
    static let sequences = 8, heads = 6, steps = 2048
    /// Features of a head; few where kernels are compiled without optimisation.
    #if DEBUG
      static let size = 4
    #else
      static let size = 64
    #endif

    /// The bytes of the scores of one sequence's heads: 96 MiB.
    static let scoreBytes = heads * steps * steps * MemoryLayout<Float>.size

    /// The output, and the gradients of queries, keys and values.
    /// - Parameter pieces: sequences of which one is made; the rows stay as many.
    static func passed(threads: Int, pieces: Int = 1) -> [Tensor] {
      let inputs = AttentionInputs(
        queries: [Int](repeating: steps / pieces, count: sequences * pieces), heads: heads, size: size,
        valueSize: size)
      return ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        var output = Tensor.zeros([])
        let (_, gradients) = valueAndGradient(of: inputs.tensors) { list in
          let y = inputs.attention(list)
          output = y.detached
          return inputs.loss(y)
        }
        return [output] + (0..<3).compactMap { gradients["input\($0)"]?.dense }
      }
    }
  }

  /// In a process of its own: the memory of other tests would hide its own. The same rows as short sequences come
  /// first, with as many numbers in and out but a 64th of the scores: what long ones need beyond that must be less than
  /// half the scores of one sequence's heads.
  @Test func attentionOfALargeBatchStoresNoScoresAndHasTheSameBitsForTwoThreads() async {
    await #expect(processExitsWith: .success) {
      do {
        let one = LargeAttention.passed(threads: 1, pieces: 64)
        let two = LargeAttention.passed(threads: 2, pieces: 64)
        try #require(one.count == two.count)
      }
      let before = try #require(ProcessMemory.ownPeakBytes)
      let one = LargeAttention.passed(threads: 1)
      let two = LargeAttention.passed(threads: 2)
      let taken = try #require(ProcessMemory.ownPeakBytes) - before
      try #require(one.count == 4 && one.allSatisfy { $0.isFinite })
      for (first, second) in zip(one, two) { try #require(first.isIdentical(to: second)) }
      try #require(taken < LargeAttention.scoreBytes / 2, "\(taken >> 20) MiB")
    }
  }
#endif
