// The threads that kernels are dealt to: persistent, waiting briefly in a loop and then asleep. Which thread runs a
// share never changes a result: shares are fixed by the size of the problem, and no sum is split between shares.

import EnsueKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A fixed number of threads that work through the shares of one task at a time, together with the caller.
public final class ThreadPool: Sendable {
  /// The pool that operations of this task use.
  @TaskLocal public static var current = ThreadPool(threadCount: ThreadPool.processorCount)

  /// The caller alone.
  public static let single = ThreadPool(threadCount: 1)

  /// Threads of the machine open to this process.
  public static var processorCount: Int {
    max(1, min(64, Int(ensue_processor_count())))
  }

  /// Threads that work on a task, the caller's among them.
  public let threadCount: Int
  private let state: PoolState

  /// Starts `threadCount - 1` threads.
  public init(threadCount: Int) {
    precondition((1...256).contains(threadCount), "a pool has 1 to 256 threads, not \(threadCount)")
    self.threadCount = threadCount
    state = PoolState()
    for _ in 1..<threadCount { state.startWorker() }
  }

  deinit { state.stop() }

  /// Runs `body(share)` for every share of `0 ..< shares`, on as many threads as are free, and returns when all are
  /// done. Denormal numbers are flushed to zero meanwhile. Called from within a task it runs the shares in order.
  package func run(shares: Int, _ body: (Int) -> Void) {
    let denormals = ensue_flush_denormals()
    defer { ensue_restore_denormals(denormals) }
    guard shares > 1, shares < 1 << 16, threadCount > 1, state.begin() else {
      for share in 0..<shares { body(share) }
      return
    }
    withoutActuallyEscaping(body) { state.run(shares: shares, $0) }
    state.end()
  }

  /// Runs `body` over consecutive pieces of `0 ..< count`, none smaller than `grain` unless it is the only one.
  package func forPieces(of count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let pieces = max(1, min(threadCount, count / max(1, grain)))
    run(shares: pieces) { piece in
      let range = count * piece / pieces..<count * (piece + 1) / pieces
      if !range.isEmpty { body(range) }
    }
  }
}

/// What the threads share. The ticket holds the number of shares and the next one to take, in one word, so that a
/// thread that comes late can never take a share of a task that has ended.
private final class PoolState: @unchecked Sendable {
  private let ticket = Atomic<UInt64>(0)
  private let completed = Atomic<Int>(0)
  private let busy = Atomic<Bool>(false)
  private let stopping = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  // Written by the caller before the ticket is published, read by threads after they took a share of it.
  private var body: ((Int) -> Void)?
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// Turns of a waiting loop after which another thread may have the processor: some 50 microseconds.
  private static let yieldingTurns = 3000
  /// Turns before a thread sleeps: a millisecond, longer than a caller works alone between two operations of a model.
  private static let patience = 60_000

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(condition)
    mutex.deallocate()
    condition.deallocate()
  }

  func begin() -> Bool { busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged }
  func end() { busy.store(false, ordering: .releasing) }

  func run(shares: Int, _ body: @escaping (Int) -> Void) {
    self.body = body
    completed.store(0, ordering: .relaxed)
    ticket.store(UInt64(shares) << 32, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    takeShares()
    var turns = 0
    while completed.load(ordering: .acquiring) < shares {
      // A thread without a processor cannot finish its share while this one holds it.
      turns += 1
      if turns % PoolState.yieldingTurns == 0 { sched_yield() } else { ensue_pause() }
    }
    self.body = nil
  }

  private var hasShares: Bool {
    let value = ticket.load(ordering: .sequentiallyConsistent)
    return value & 0xFFFF_FFFF < value >> 32
  }

  private func takeShares() {
    var value = ticket.load(ordering: .acquiring)
    while value & 0xFFFF_FFFF < value >> 32 {
      let (exchanged, original) = ticket.weakCompareExchange(
        expected: value, desired: value + 1, ordering: .acquiringAndReleasing)
      if exchanged {
        // Before `completed` counts this share, nothing may hold the body any more: it must not escape.
        body?(Int(value & 0xFFFF_FFFF))
        completed.add(1, ordering: .releasing)
        value = ticket.load(ordering: .acquiring)
      } else {
        value = original
      }
    }
  }

  func startWorker() {
    let context = Unmanaged.passRetained(self).toOpaque()
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let started = pthread_create(
      &thread, nil,
      { context in
        #if canImport(Glibc)
          let state = Unmanaged<PoolState>.fromOpaque(context!).takeRetainedValue()
        #else
          let state = Unmanaged<PoolState>.fromOpaque(context).takeRetainedValue()
        #endif
        // A share that asks for threads itself runs its part in order.
        ThreadPool.$current.withValue(ThreadPool.single) { state.work() }
        return nil
      }, context)
    if started == 0 {
      #if canImport(Glibc)
        pthread_detach(thread)
      #else
        if let thread { pthread_detach(thread) }
      #endif
    } else {
      // Without the thread the others do its share.
      Unmanaged<PoolState>.fromOpaque(context).release()
    }
  }

  private func work() {
    _ = ensue_flush_denormals()
    while !stopping.load(ordering: .acquiring) {
      takeShares()
      var turns = 0
      while turns < PoolState.patience && !hasShares {
        turns += 1
        if turns % PoolState.yieldingTurns == 0 { sched_yield() } else { ensue_pause() }
      }
      if turns == PoolState.patience { sleep() }
    }
  }

  private func sleep() {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !hasShares && !stopping.load(ordering: .acquiring) { pthread_cond_wait(condition, mutex) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  func stop() {
    stopping.store(true, ordering: .releasing)
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}
