// Fused attention at the size of a large batch: 8 sequences of 2,048 steps with 6 heads, forward and backward.

#if os(Linux)
  import EnsueLayers
  import EnsueTensor
  import EnsueTestSupport
  import Glibc
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

    /// The bytes of all scores: 768 MiB.
    static let scoreBytes = sequences * heads * steps * steps * MemoryLayout<Float>.size

    /// The output, and the gradients of queries, keys and values.
    static func passed(threads: Int) -> [Tensor] {
      let inputs = AttentionInputs(
        queries: [Int](repeating: steps, count: sequences), heads: heads, size: size, valueSize: size)
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

    /// The largest resident size of this process so far.
    static var peakBytes: Int {
      var usage = rusage()
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Int(usage.ru_maxrss) * 1024
    }
  }

  /// In a process of its own: the memory of other tests would hide its own.
  @Test func attentionOfALargeBatchStoresNoScoresAndHasTheSameBitsForTwoThreads() async {
    await #expect(processExitsWith: .success) {
      let before = LargeAttention.peakBytes
      let one = LargeAttention.passed(threads: 1)
      let two = LargeAttention.passed(threads: 2)
      let taken = LargeAttention.peakBytes - before
      try #require(one.count == 4 && one.allSatisfy { $0.isFinite })
      for (first, second) in zip(one, two) { try #require(first.isIdentical(to: second)) }
      try #require(taken < LargeAttention.scoreBytes, "\(taken >> 20) MiB")
    }
  }
#endif
