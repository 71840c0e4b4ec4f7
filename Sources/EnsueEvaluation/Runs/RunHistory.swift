// A run log, read back.

import EnsueFiles

/// The events of a `metrics.jsonl`, in order.
public struct RunHistory: Sendable, Equatable {
  /// All events.
  public let events: [RunEvent]
  /// Bytes after the last line end: a line that was cut while it was written, and is not among `events`; usually 0.
  public let cutBytes: Int

  /// Whether the last line was cut and ignored.
  public var isCut: Bool { cutBytes > 0 }

  public init(events: [RunEvent], cutBytes: Int = 0) {
    self.events = events
    self.cutBytes = cutBytes
  }

  /// The epochs, in order.
  public var epochs: [EpochEvent] { events.compactMap { if case .epoch(let event) = $0 { event } else { nil } } }

  /// The last test result, where there is one.
  public var test: TestEvent? { events.compactMap { if case .test(let event) = $0 { event } else { nil } }.last }

  /// The end of training; `nil` while it goes on. A run that was continued later has the last end.
  public var done: DoneEvent? { events.compactMap { if case .done(let event) = $0 { event } else { nil } }.last }

  /// Whether training has ended: no epoch follows the last `done`.
  public var isFinished: Bool {
    for event in events.reversed() {
      switch event {
      case .done: return true
      case .epoch: return false
      case .test: continue
      }
    }
    return false
  }

  /// The epoch to judge the run by: the one whose weights were kept, else the one of the smallest validation loss
  /// (the first of equals; `NaN` is larger than every loss); `nil` where no epoch was evaluated.
  public var bestEpoch: EpochEvent? {
    let evaluated = epochs.filter { $0.validation != nil }
    if let kept = done?.bestEpoch, let event = evaluated.first(where: { $0.epoch == kept }) { return event }
    return evaluated.reduce(nil) { (best: EpochEvent?, event) in
      guard let best, let bestLoss = best.validation?.loss, let loss = event.validation?.loss else { return event }
      return MetricKind.loss.isBetter(loss, than: bestLoss) ? event : best
    }
  }

  /// Reads a log.
  ///
  /// A last line without its line end was cut by an interrupted write: it is ignored and counted in `cutBytes`.
  /// - Throws: `Failure` with the line at fault when any other line is not an event, or epochs do not increase.
  public static func contents(of path: String) throws -> RunHistory {
    var events: [RunEvent] = []
    var epochs = RunLogLines.EpochOrder()
    let cutBytes = try RunLogLines.read(path) { json, place in
      let event = try RunEvent(json: json, place: place)
      if case .epoch(let epoch) = event { try epochs.take(epoch.epoch, place: place) }
      events.append(event)
    }
    return RunHistory(events: events, cutBytes: cutBytes)
  }
}
