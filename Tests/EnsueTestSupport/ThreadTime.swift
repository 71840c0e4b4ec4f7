// How long a piece of work takes, measured so that a busy machine does not fail a test.

import Glibc

/// Seconds of the calling thread's own that `work` takes, whatever other tests hold the processors: the least of `tries`,
/// of which no more are made once one has less than `bound`. Work that other threads do is not counted.
package func threadSeconds(tries: Int = 3, until bound: Double, of work: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  var least = Double.infinity
  for _ in 0..<tries where least >= bound {
    let start = now()
    try work()
    least = min(least, now() - start)
  }
  return least
}
