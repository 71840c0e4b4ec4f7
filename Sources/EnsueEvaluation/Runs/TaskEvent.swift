// One line of a run log, to and from its object. The kinds of line are those of every run log.

import EnsueFiles

/// Something that happened in a run and is worth a line of `metrics.jsonl`.
public enum TaskEvent<Summary: TaskSummary>: Sendable, Equatable {
  case epoch(TaskEpoch<Summary>)
  case averaged(Summary)
  case test(Summary)
  case done(DoneEvent)

  /// The event's name in the log.
  public var kind: RunEventKind {
    switch self {
    case .epoch: .epoch
    case .averaged: .averaged
    case .test: .test
    case .done: .done
    }
  }

  /// The event as one object; `event` comes first.
  public var json: JSONValue {
    var object: JSONObject = ["event": .string(kind.rawValue)]
    switch self {
    case .epoch(let event): event.write(into: &object)
    case .averaged(let summary), .test(let summary): summary.write(into: &object)
    case .done(let event): event.write(into: &object)
    }
    return .object(object)
  }

  /// Reads an event.
  /// - Parameters:
  ///   - json: what `json` gives.
  ///   - place: the file and line, for messages.
  /// - Throws: `Failure` of kind `data` for a missing, unknown or mistyped member.
  public init(json: JSONValue, place: String) throws {
    let fields = try JSONFields(json, place: place)
    guard let kind = RunEventKind(rawValue: try fields.string("event")) else {
      throw fields.failure("event", RunEventKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    switch kind {
    case .epoch: self = .epoch(try TaskEpoch(fields))
    case .averaged: self = .averaged(try Summary(fields, others: ["event"]))
    case .test: self = .test(try Summary(fields, others: ["event"]))
    case .done: self = .done(try DoneEvent(fields))
    }
  }
}
