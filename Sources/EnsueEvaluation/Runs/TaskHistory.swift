// A run log, read back.

import EnsueFiles

/// The events of a `metrics.jsonl`, in order.
public struct TaskHistory<Summary: TaskSummary>: Sendable, Equatable {
  public let events: [TaskEvent<Summary>]
  /// Bytes after the last line end: a line that was cut while it was written, and is not among `events`; usually 0.
  public let cutBytes: Int

  public init(events: [TaskEvent<Summary>], cutBytes: Int = 0) {
    (self.events, self.cutBytes) = (events, cutBytes)
  }

  /// Reads a log.
  ///
  /// A last line without its line end was cut by an interrupted write: it is ignored and counted in `cutBytes`.
  /// - Throws: `Failure` with the line at fault when any other line is not an event, or epochs do not increase.
  public static func contents(of path: String) throws -> TaskHistory {
    var events: [TaskEvent<Summary>] = []
    var epochs = RunLogLines.EpochOrder()
    let cutBytes = try RunLogLines.read(path) { json, place in
      let event = try TaskEvent<Summary>(json: json, place: place)
      if case .epoch(let epoch) = event { try epochs.take(epoch.epoch, place: place) }
      events.append(event)
    }
    return TaskHistory(events: events, cutBytes: cutBytes)
  }

  public var epochs: [TaskEpoch<Summary>] {
    events.compactMap { if case .epoch(let epoch) = $0 { epoch } else { nil } }
  }

  /// The mean of several validations' weights on the validation data, where there is one.
  public var averaged: Summary? {
    events.compactMap { if case .averaged(let summary) = $0 { summary } else { nil } }.last
  }

  /// The last test result, where there is one.
  public var test: Summary? {
    events.compactMap { if case .test(let summary) = $0 { summary } else { nil } }.last
  }

  /// The end of training; nil while it goes on.
  public var done: DoneEvent? { events.compactMap { if case .done(let event) = $0 { event } else { nil } }.last }

  /// Whether training has ended: no epoch follows the last `done`.
  public var isFinished: Bool {
    for event in events.reversed() {
      switch event {
      case .done: return true
      case .epoch: return false
      case .averaged, .test: continue
      }
    }
    return false
  }

  /// The epoch whose weights were kept; the last one where none was.
  public var bestEpoch: TaskEpoch<Summary>? {
    let all = epochs
    return all.first { $0.epoch == done?.bestEpoch } ?? all.last
  }
}
