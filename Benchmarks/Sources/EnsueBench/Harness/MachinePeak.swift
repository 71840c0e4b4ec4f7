// The peak the shares in the table refer to: measured, not taken from a data sheet, and in the same run.

import CMachinePeak
import Ensue
import Foundation

/// The most float32 multiply-adds a number of cores did at once, two operations each.
struct MachinePeak: Sendable {
  let threads: Int
  /// Floating-point operations a second.
  let operationsPerSecond: Double
  /// The vectors used.
  let vectors: String

  private static let rounds = 15
  private static let roundSeconds = 0.02

  /// Runs multiply-adds that never leave the registers on all the threads at once, several rounds, and keeps the best.
  ///
  /// Each thread's rate is over the time it had a core, so a program beside this one does not lower the peak.
  init(threads: Int) async {
    let cores = min(threads, ThreadPool.processorCount)
    self.threads = cores
    vectors = String(cString: machine_peak_vectors())
    // As many turns as fill a round.
    var turns: UInt64 = 1 << 16
    while MachinePeak.rate(turns).seconds < MachinePeak.roundSeconds { turns *= 2 }
    var best = 0.0
    for _ in 0..<MachinePeak.rounds { best = max(best, await MachinePeak.round(cores, turns)) }
    operationsPerSecond = best
  }

  /// One round: the sum of the threads' rates while all run.
  private static func round(_ threads: Int, _ turns: UInt64) async -> Double {
    await withTaskGroup(of: Double.self) { group in
      for _ in 0..<threads { group.addTask { rate(turns).operationsPerSecond } }
      return await group.reduce(0, +)
    }
  }

  private static func rate(_ turns: UInt64) -> (operationsPerSecond: Double, seconds: Double) {
    let start = threadSeconds()
    let done = machine_peak_run(turns)
    let seconds = threadSeconds() - start
    return (Double(done) / max(seconds, 1e-9), seconds)
  }

  /// How long this thread has had a core.
  private static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  var description: String {
    """
    \(Int((operationsPerSecond / 1e9).rounded())) GFLOP/s float32 on \(Format.count(threads, "thread")): \(vectors) \
    multiply-adds in registers, best of \(MachinePeak.rounds) rounds
    """
  }
}
