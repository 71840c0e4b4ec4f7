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
    state = PoolState(threadCount: threadCount)
    for thread in 1..<threadCount { state.startWorker(thread) }
  }

  deinit { state.stop() }

  /// Runs `body(share)` for every share of `0 ..< shares` and returns when all are done. Every thread begins with
  /// neighbouring shares of its own and then takes over what others have left. Denormal numbers are flushed to zero
  /// meanwhile. Called from within a task it runs the shares in order.
  package func run(shares: Int, _ body: (Int) -> Void) {
    let denormals = ensue_flush_denormals()
    defer { ensue_restore_denormals(denormals) }
    guard shares > 1, shares <= Int32.max, threadCount > 1, state.begin() else {
      for share in 0..<shares { body(share) }
      return
    }
    withoutActuallyEscaping(body) { state.run(shares: shares, $0) }
    state.end()
  }

  /// Pieces of a thread's part. A processor that is held up, by another program or by its neighbour, then leaves some
  /// of its part to the others, which would else wait for it.
  private static let piecesOfPart = 4

  /// Runs `body` over consecutive pieces of `0 ..< count`. A thread takes part only where it has `grain` to do.
  package func forPieces(of count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let parts = max(1, min(threadCount, count / max(1, grain)))
    let pieces = parts == 1 ? 1 : min(count, parts * ThreadPool.piecesOfPart)
    run(shares: pieces) { piece in
      let range = count * piece / pieces..<count * (piece + 1) / pieces
      if !range.isEmpty { body(range) }
    }
  }

  /// Runs `body` over the blocks of a table: rows dealt to the threads, `grain` to each at least, in multiples of
  /// `multiple`; columns in the given groups, which another thread may take over.
  package func forBlocks(
    rows: Int, multiple: Int = 1, grain: Int, columnGroups groups: Int, _ body: (Range<Int>, _ group: Int) -> Void
  ) {
    let units = (rows + multiple - 1) / multiple
    let parts = max(1, min(threadCount, units, rows / max(1, grain)))
    run(shares: parts * groups) { share in
      let part = share / groups
      let range = units * part / parts * multiple..<min(rows, units * (part + 1) / parts * multiple)
      if !range.isEmpty { body(range, share % groups) }
    }
  }
}

/// What the threads share. Of each thread a ticket: the end of its shares and the next one to take, in one word, so that
/// a thread that comes late can never take a share of a task that has ended.
private final class PoolState: @unchecked Sendable {
  private let threadCount: Int
  /// A cache line apart, of up to 128 bytes.
  private let tickets: UnsafeMutablePointer<Atomic<UInt64>>
  private static let ticketStride = 16
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

  init(threadCount: Int) {
    self.threadCount = threadCount
    tickets = .allocate(capacity: threadCount * PoolState.ticketStride)
    for place in 0..<threadCount * PoolState.ticketStride { (tickets + place).initialize(to: Atomic(0)) }
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(condition)
    mutex.deallocate()
    condition.deallocate()
    tickets.deinitialize(count: threadCount * PoolState.ticketStride)
    tickets.deallocate()
  }

  func begin() -> Bool { busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged }
  func end() { busy.store(false, ordering: .releasing) }

  func run(shares: Int, _ body: @escaping (Int) -> Void) {
    self.body = body
    completed.store(0, ordering: .relaxed)
    func firstShare(_ thread: Int) -> Int { (shares * thread + threadCount - 1) / threadCount }
    for thread in 0..<threadCount {
      // Rounded up, so that the caller has the first of few.
      let (next, end) = (UInt64(firstShare(thread)), UInt64(firstShare(thread + 1)))
      ticket(of: thread).pointee.store(end << 32 | next, ordering: .sequentiallyConsistent)
    }
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    takeShares(0)
    var turns = 0
    while completed.load(ordering: .acquiring) < shares {
      // A thread without a processor cannot finish its share while this one holds it.
      turns += 1
      if turns % PoolState.yieldingTurns == 0 { sched_yield() } else { ensue_pause() }
    }
    self.body = nil
  }

  private func ticket(of thread: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    tickets + thread * PoolState.ticketStride
  }

  private func hasShares(_ thread: Int) -> Bool {
    let value = ticket(of: thread).pointee.load(ordering: .sequentiallyConsistent)
    return value & 0xFFFF_FFFF < value >> 32
  }

  /// A thread's own shares from the first, then those of the others from the last.
  private func takeShares(_ thread: Int) {
    let own = ticket(of: thread)
    while let value = take(own, { $0 + 1 }) { perform(Int(value & 0xFFFF_FFFF)) }
    for other in 1..<threadCount {
      let ticket = ticket(of: (thread + other) % threadCount)
      while let value = take(ticket, { $0 - 1 << 32 }) { perform(Int(value >> 32) - 1) }
    }
  }

  /// Changes a ticket that has shares; its value before.
  private func take(_ ticket: UnsafeMutablePointer<Atomic<UInt64>>, _ change: (UInt64) -> UInt64) -> UInt64? {
    var value = ticket.pointee.load(ordering: .acquiring)
    while value & 0xFFFF_FFFF < value >> 32 {
      let (exchanged, original) = ticket.pointee.weakCompareExchange(
        expected: value, desired: change(value), ordering: .acquiringAndReleasing)
      if exchanged { return value }
      value = original
    }
    return nil
  }

  private func perform(_ share: Int) {
    // Before `completed` counts this share, nothing may hold the body any more: it must not escape.
    body?(share)
    completed.add(1, ordering: .releasing)
  }

  /// A worker's state and its number.
  private final class Worker {
    let state: PoolState
    let thread: Int
    init(_ state: PoolState, _ thread: Int) { (self.state, self.thread) = (state, thread) }
  }

  func startWorker(_ thread: Int) {
    let context = Unmanaged.passRetained(Worker(self, thread)).toOpaque()
    #if canImport(Glibc)
      var handle = pthread_t()
    #else
      var handle: pthread_t?
    #endif
    let started = pthread_create(
      &handle, nil,
      { context in
        #if canImport(Glibc)
          let worker = Unmanaged<Worker>.fromOpaque(context!).takeRetainedValue()
        #else
          let worker = Unmanaged<Worker>.fromOpaque(context).takeRetainedValue()
        #endif
        // A share that asks for threads itself runs its part in order.
        ThreadPool.$current.withValue(ThreadPool.single) { worker.state.work(worker.thread) }
        return nil
      }, context)
    if started == 0 {
      #if canImport(Glibc)
        pthread_detach(handle)
      #else
        if let handle { pthread_detach(handle) }
      #endif
    } else {
      // Without the thread the others do its share.
      Unmanaged<Worker>.fromOpaque(context).release()
    }
  }

  private func work(_ thread: Int) {
    _ = ensue_flush_denormals()
    while !stopping.load(ordering: .acquiring) {
      takeShares(thread)
      var turns = 0
      while turns < PoolState.patience && !hasShares(thread) {
        turns += 1
        if turns % PoolState.yieldingTurns == 0 { sched_yield() } else { ensue_pause() }
      }
      if turns == PoolState.patience { sleep(thread) }
    }
  }

  private func sleep(_ thread: Int) {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !hasShares(thread) && !stopping.load(ordering: .acquiring) { pthread_cond_wait(condition, mutex) }
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
