import EnsueTensor
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
  /// How often each of `count` places was visited.
  private func visits(of count: Int, _ body: (_ visit: (Int) -> Void) -> Void) -> [Int] {
    let counts = UnsafeMutablePointer<Atomic<Int>>.allocate(capacity: max(1, count))
    for place in 0..<count { (counts + place).initialize(to: Atomic(0)) }
    defer {
      counts.deinitialize(count: count)
      counts.deallocate()
    }
    body { counts[$0].add(1, ordering: .relaxed) }
    return (0..<count).map { counts[$0].load(ordering: .relaxed) }
  }

  @Test("every share is run once, whatever the threads take from each other", arguments: [1, 2, 3, 5])
  func everyShareOnce(threadCount: Int) {
    let pool = ThreadPool(threadCount: threadCount)
    for round in 0..<200 {
      for shares in [0, 1, 2, 3, 7, 64, 1000] {
        let counts = visits(of: shares) { visit in
          pool.run(shares: shares) { share in
            // Uneven, so that threads come to each other's shares.
            if share % 7 == round % 7 { for _ in 0..<50 { _ = ThreadPool.current.threadCount } }
            visit(share)
          }
        }
        #expect(counts.allSatisfy { $0 == 1 })
      }
    }
  }

  @Test("pieces and blocks cover everything once", arguments: [1, 2, 3])
  func everyPlaceOnce(threadCount: Int) {
    let pool = ThreadPool(threadCount: threadCount)
    for count in [0, 1, 5, 36, 37, 100] {
      for grain in [1, 10, 1000] {
        let pieces = visits(of: count) { visit in
          pool.forPieces(of: count, grain: grain) { $0.forEach(visit) }
        }
        #expect(pieces.allSatisfy { $0 == 1 })
        for (multiple, groups) in [(1, 1), (18, 5), (36, 3)] {
          let blocks = visits(of: count * groups) { visit in
            pool.forBlocks(rows: count, multiple: multiple, grain: grain, columnGroups: groups) { rows, group in
              #expect(rows.lowerBound % multiple == 0)
              for row in rows { visit(row * groups + group) }
            }
          }
          #expect(blocks.allSatisfy { $0 == 1 })
        }
      }
    }
  }

  @Test("a thread that is held up leaves its shares to the others")
  func sharesAreTakenOver() {
    let (pool, shares) = (ThreadPool(threadCount: 2), 8)
    let done = Atomic(0)
    let end = ContinuousClock.now + .seconds(30)
    pool.run(shares: shares) { share in
      // The caller's first share ends only when all others have, three of them its own.
      if share == 0 {
        while done.load(ordering: .acquiring) < shares - 1 && ContinuousClock.now < end {}
        #expect(done.load(ordering: .acquiring) == shares - 1)
      }
      done.add(1, ordering: .releasing)
    }
    #expect(done.load(ordering: .relaxed) == shares)
  }
}
