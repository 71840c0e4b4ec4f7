// The runs of a sweep, side by side: a small model gains more from a thread of its own than from half of two, of which
// one waits while the other works alone.

import EnsueEvaluation
import EnsueFiles
import EnsueTasks
import EnsueTensor
import Synchronization

/// Trains the runs of a sweep, as many at a time as there are threads, and shows them on standard error.
///
/// Those that come last, mostly the largest, begin first, so that no thread waits long at the end. Pre-trained models,
/// which need much memory and keep all threads busy, follow one after another. What a run computes depends on none of
/// this.
final class SweepTraining: Sendable {
  private struct State {
    var begun = 0
    var results: [Result<RunRecord, any Error>?]
  }

  private let sweep: ClassificationSweep
  private let isQuiet: Bool
  private let progress = SharedProgress()
  private let state: Mutex<State>
  /// Whether a run has failed: the others then stop.
  private let hasFailed = Atomic<Bool>(false)

  init(_ sweep: ClassificationSweep, isQuiet: Bool) {
    (self.sweep, self.isQuiet) = (sweep, isQuiet)
    state = Mutex(State(results: [Result<RunRecord, any Error>?](repeating: nil, count: sweep.runs.count)))
  }

  /// Of all runs, in their order.
  /// - Throws: what the first of them, in order, failed with; `Interruption.Stopped` after the states were saved.
  func records() throws -> [RunRecord] { try results().map { try $0.get() } }

  /// As `records`, with the failures of a kind after which the others go on.
  func results(goingOnAfter tolerated: Failure.Kind? = nil) throws -> [Result<RunRecord, Failure>] {
    let pretrained = sweep.runs.indices.filter { sweep.runs[$0].configuration.pretrained.isGiven }
    let made = sweep.runs.indices.filter { !sweep.runs[$0].configuration.pretrained.isGiven }
    sideBySide(made.reversed(), tolerated)
    for run in pretrained { train(run, tolerated) }
    let results = state.withLock { $0.results }
    // What made the others stop comes before their stopping.
    let errors = results.compactMap { result in if case .failure(let error)? = result { error } else { nil } }
    if let error = errors.first(where: {
      ($0 as? Failure).map { $0.kind != tolerated } ?? !($0 is Interruption.Stopped)
    }) {
      throw error
    }
    return try results.map { result in
      switch result {
      case .success(let record)?: .success(record)
      case .failure(let failure as Failure)?: .failure(failure)
      case .failure, nil: throw Interruption.Stopped()
      }
    }
  }

  /// Deals runs to the threads; where there are more threads than runs, each has its share of them.
  private func sideBySide(_ runs: [Int], _ tolerated: Failure.Kind?) {
    let pool = ThreadPool.current
    let count = min(pool.threadCount, runs.count)
    guard count > 1 else { return runs.reversed().forEach { train($0, tolerated) } }
    let next = Atomic<Int>(0)
    pool.run(shares: count) { _ in
      ThreadPool.$current.withValue(ThreadPool(threadCount: pool.threadCount / count)) {
        while true {
          let place = next.add(1, ordering: .relaxed).oldValue
          guard place < runs.count else { return }
          train(runs[place], tolerated)
        }
      }
    }
  }

  private func train(_ run: Int, _ tolerated: Failure.Kind?) {
    let result = Result { try record(run) }
    switch result {
    case .success: break
    case .failure(let failure as Failure) where failure.kind == tolerated:
      progress.note("\(sweep.runs[run].folder.name): \(failure.problem)")
    case .failure: hasFailed.store(true, ordering: .relaxed)
    }
    state.withLock { $0.results[run] = result }
  }

  private func record(_ run: Int) throws -> RunRecord {
    try check()
    let begun = state.withLock { state in
      state.begun += 1
      return state.begun
    }
    let (configuration, folder) = sweep.runs[run]
    // What is said about the data is the same for all.
    let display = TrainingDisplay(
      isQuiet: isQuiet, title: "[\(begun)/\(sweep.runs.count) \(folder.name)] ", describesData: begun == 1,
      progress: progress, number: begun, check: { [self] in try check() })
    return try display.train(configuration, in: folder)
  }

  private func check() throws {
    if hasFailed.load(ordering: .relaxed) { throw Interruption.Stopped() }
    try Interruption.check()
  }
}
