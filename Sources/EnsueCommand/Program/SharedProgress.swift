// Progress of several trials at once: one line, in which each that is under way has its part.

import EnsueTasks
import Synchronization

/// A display that trials on several threads share.
final class SharedProgress: Sendable {
  private struct State {
    var display = ProgressDisplay()
    /// Of the trials under way, by number.
    var lines: [Int: ProgressLine] = [:]
  }

  private let state = Mutex(State())

  /// Shows how far a trial is, when a line is due.
  func update(_ trial: Int = 0, _ line: (_ elapsed: Double) -> ProgressLine) {
    state.withLock { state in
      state.lines[trial] = line(state.display.elapsed)
      let lines = state.lines.sorted { $0.key < $1.key }.map(\.value)
      state.display.update { _ in ProgressLine(joining: lines) }
    }
  }

  /// A line that stays.
  func note(_ line: String) { state.withLock { $0.display.note(line) } }

  /// Takes a trial's part away: at its end, and before anything else is printed.
  func end(_ trial: Int = 0) {
    state.withLock {
      $0.lines[trial] = nil
      $0.display.clear()
    }
  }
}
