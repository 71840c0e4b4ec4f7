// One line of a run log.

/// Something that happened in a run and is worth a line of `metrics.jsonl`.
public enum RunEvent: Sendable, Equatable {
  case epoch(EpochEvent)
  case test(TestEvent)
  case done(DoneEvent)

  /// The event's name in the log.
  public var kind: RunEventKind {
    switch self {
    case .epoch: .epoch
    case .test: .test
    case .done: .done
    }
  }
}
