import EnsueTensor
import Testing

@Suite struct StorageCacheTests {
  /// A cache of its own: the tensors of other tests use the shared one.
  private let cache = StorageCache()

  @Test func aKeptBlockServesWhatIsUpToHalfSmaller() {
    let (block, capacity) = cache.take(1 << 20)
    #expect(capacity == 1 << 20)
    cache.give(block, capacity: capacity)
    let (smaller, itsCapacity) = cache.take(1 << 19)
    #expect(smaller == block && itsCapacity == 1 << 20)
    cache.give(smaller, capacity: itsCapacity)
    let (muchSmaller, ownCapacity) = cache.take(1 << 18)
    #expect(muchSmaller != block && ownCapacity == 1 << 18)
    let (larger, largerCapacity) = cache.take(9 << 17)
    #expect(larger != block && largerCapacity == 9 << 17)
    cache.give(muchSmaller, capacity: ownCapacity)
    cache.give(larger, capacity: largerCapacity)
    cache.release()
  }

  @Test func theClosestCapacityIsTakenFirst() {
    let (large, small) = (cache.take(1 << 21), cache.take(5 << 18))
    cache.give(large.0, capacity: large.capacity)
    cache.give(small.0, capacity: small.capacity)
    let found = cache.take((9 << 17) - 100)
    #expect(found.0 == small.0 && found.capacity == small.capacity)
    cache.give(found.0, capacity: found.capacity)
    cache.release()
  }

  @Test func capacitiesRiseByEighths() {
    var capacity = 8192
    for _ in 0..<8 { capacity = StorageCache.capacity(for: capacity + 1) }
    #expect(capacity == 16384)
    #expect(StorageCache.capacity(for: 0) == 64 && StorageCache.capacity(for: 100) == 128)
  }

  @Test func threadsThatMeetInTheCacheLoseNothing() {
    ThreadPool.$current.withValue(ThreadPool(threadCount: 4)) {
      var sums = [Double](repeating: 0, count: 400)
      sums.withUnsafeMutableBufferPointer { sums in
        ThreadPool.current.run(shares: 400) { share in
          let tensors = (1...20).map { Tensor(repeating: Double(share), shape: [2000 + 37 * $0]) }
          sums[share] = tensors.reduce(0) { $0 + $1.floats.reduce(0) { max($0, Double($1)) } }
        }
      }
      #expect(sums.enumerated().allSatisfy { $0.element == 20 * Double($0.offset) })
    }
  }
}

@Test(arguments: [1, 2, 3]) func aSumOfSquaresIsThatOfItsPieces(threads: Int) {
  let count = 200_003
  let x = Tensor((0..<count).map { Double($0 % 1000) / 1000 - 0.4 }, shape: [count])
  let expected = x.doubles.reduce(0) { $0 + $1 * $1 }
  let found = ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) { x.sumOfSquares }
  let alone = ThreadPool.$current.withValue(.single) { x.sumOfSquares }
  #expect(found == alone, "threads change a bit")
  #expect(abs(found - expected) < 1e-9 * expected)
  #expect(Tensor.zeros([0]).sumOfSquares == 0)
}
