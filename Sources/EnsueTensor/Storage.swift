// Memory of tensors. Blocks of similar size are used again, so that a training loop stops asking the system for
// memory after its first steps: fresh pages cost more than the operations that fill them.

import EnsueKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A block of memory, 64-byte aligned, owned by the tensors that refer to it.
package final class Storage {
  package let pointer: UnsafeMutableRawPointer
  package let byteCount: Int
  private let capacity: Int

  package init(byteCount: Int) {
    self.byteCount = byteCount
    (pointer, capacity) = StorageCache.shared.take(StorageCache.capacity(for: byteCount))
  }

  /// Gives free memory back to the system, after something larger than what follows: weights as they are read.
  package static func releaseKept() { StorageCache.shared.release() }

  deinit { StorageCache.shared.give(pointer, capacity: capacity) }
}

/// Tensors carry storage across threads under their own rule (see `Tensor`); storage alone must not be.
@available(*, unavailable)
extension Storage: Sendable {}

/// Free blocks by capacity. Like the allocator it stands before, it is shared by the process and holds no values.
///
/// Sendable without the compiler's proof: `state` is touched under `mutex` alone. A POSIX mutex, because the thread
/// sanitizer does not know the standard library's and would report every access.
package final class StorageCache: @unchecked Sendable {
  static let shared = StorageCache()

  /// Free memory kept at most: an eighth of the machine's. A training step's memory is that of the step before; what is
  /// given back must be cleared by the system before it is had again (3.5 % of a step of a Transformer of 11 M weights).
  private static let keptByteLimit = max(512 << 20, sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) / 8)
  /// The size of a large page.
  private static let hugePage = 2 << 20
  /// Below this size the system's allocator is as fast.
  private static let smallest = 4096

  private struct State {
    var blocks: [Int: [UInt]] = [:]
    var keptBytes = 0

    /// A kept block of a capacity, or of the next that is kept, up to twice as much: batches of ever other lengths find
    /// the memory of those before.
    mutating func take(_ wanted: Int) -> (block: UInt, capacity: Int)? {
      var capacity = wanted
      while capacity <= 2 * wanted {
        if let block = blocks[capacity]?.popLast() {
          keptBytes -= capacity
          return (block, capacity)
        }
        capacity = StorageCache.capacity(for: capacity + 1)
      }
      return nil
    }

    /// Lets go of the largest blocks until another fits: sizes of an earlier model must not fill the cache for ever.
    mutating func makeRoom(for capacity: Int, limit: Int) {
      while keptBytes + capacity > limit, let largest = blocks.keys.filter({ blocks[$0]?.isEmpty == false }).max() {
        if let block = blocks[largest]?.popLast() { free(UnsafeMutableRawPointer(bitPattern: block)) }
        keptBytes -= largest
      }
    }
  }
  private var state = State()
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  package init() { pthread_mutex_init(mutex, nil) }

  private func withState<Result>(_ body: (inout State) -> Result) -> Result {
    // Held for some hundred nanoseconds: a thread that sleeps until then loses a hundred times as much. Fused attention
    // takes several blocks for every head of every sequence.
    var turns = 0
    while pthread_mutex_trylock(mutex) != 0 {
      turns += 1
      if turns == 1000 {
        pthread_mutex_lock(mutex)
        break
      }
      ensue_pause()
    }
    defer { pthread_mutex_unlock(mutex) }
    return body(&state)
  }

  /// Sizes are rounded up to eighths of a power of two: at most an eighth is unused.
  package static func capacity(for byteCount: Int) -> Int {
    if byteCount <= smallest { return max(64, (byteCount + 63) & ~63) }
    let step = 1 << (Int.bitWidth - byteCount.leadingZeroBitCount - 4)
    return (byteCount + step - 1) & ~(step - 1)
  }

  /// Memory of at least that capacity, and its own.
  package func take(_ capacity: Int) -> (UnsafeMutableRawPointer, capacity: Int) {
    if capacity > StorageCache.smallest, let kept = withState({ $0.take(capacity) }),
      let pointer = UnsafeMutableRawPointer(bitPattern: kept.block)
    {
      return (pointer, kept.capacity)
    }
    if let pointer = StorageCache.allocate(capacity) { return (pointer, capacity) }
    // What is kept in other sizes may be in the way.
    release()
    guard let pointer = StorageCache.allocate(capacity) else {
      // Out of memory: as for every Swift allocation there is nothing to return.
      preconditionFailure("out of memory: \(capacity) bytes for a tensor")
    }
    return (pointer, capacity)
  }

  package func release() {
    withState { $0.makeRoom(for: StorageCache.keptByteLimit, limit: StorageCache.keptByteLimit) }
  }

  private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer? {
    var pointer: UnsafeMutableRawPointer?
    let isLarge = capacity >= hugePage
    guard posix_memalign(&pointer, isLarge ? hugePage : 64, capacity) == 0, let pointer else { return nil }
    #if canImport(Glibc)
      // A recurrent step touches a row in each of many large buffers, each on a page of its own where pages are small.
      if isLarge { madvise(pointer, capacity & ~(hugePage - 1), MADV_HUGEPAGE) }
    #endif
    return pointer
  }

  package func give(_ pointer: UnsafeMutableRawPointer, capacity: Int) {
    let kept =
      capacity > StorageCache.smallest
      && withState { state in
        guard capacity <= StorageCache.keptByteLimit else { return false }
        state.makeRoom(for: capacity, limit: StorageCache.keptByteLimit)
        state.blocks[capacity, default: []].append(UInt(bitPattern: pointer))
        state.keptBytes += capacity
        return true
      }
    if !kept { free(pointer) }
  }
}
