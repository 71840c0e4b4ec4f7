// Trials that do not depend on each other, dealt to the threads.

import EnsueTensor
import Synchronization

/// Runs `body(0) … body(count - 1)`, as many at a time as the current pool has threads.
///
/// A trial runs on one thread, and what it computes does not depend on which.
/// - Parameter name: what is shown of a trial when it has ended.
/// - Returns: the results in order.
/// - Throws: the error of the first trial, in order, that failed.
func parallelTrials<Result: Sendable>(
  _ count: Int, _ progress: ExperimentProgress, name: (Int) -> String, _ body: (Int) throws -> Result
) throws -> [Result] {
  let results = Mutex((ended: 0, found: [Swift.Result<Result, any Error>?](repeating: nil, count: count)))
  ThreadPool.current.run(shares: count) { trial in
    let result = Swift.Result { try body(trial) }
    results.withLock {
      $0.found[trial] = result
      $0.ended += 1
      progress($0.ended, of: count, name(trial))
    }
  }
  return try results.withLock { try $0.found.compactMap { try $0?.get() } }
}
