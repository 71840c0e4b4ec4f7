// What a task measures at a validation, as a run log and TensorBoard have it. Epochs, events and histories of runs are
// the same for every such task: `TaskEpoch`, `TaskEvent`, `TaskHistory`.

import EnsueFiles

/// The figures of a model on a part of its data.
public protocol TaskSummary: Sendable, Equatable {
  /// The figures that are drawn as curves.
  associatedtype Scalars: TaskScalarKind where Scalars.Summary == Self

  /// Adds the figures to an object.
  func write(into object: inout JSONObject)

  /// Reads the figures.
  /// - Parameter others: keys of the object that are not figures.
  /// - Throws: `Failure` of kind `data` for a missing, unknown or mistyped member.
  init(_ fields: JSONFields, others: [String]) throws
}

extension TaskSummary {
  /// All figures as one object.
  public var json: JSONValue {
    var object = JSONObject()
    write(into: &object)
    return .object(object)
  }
}

/// A number of an epoch that is drawn as a curve; the raw value is TensorBoard's tag, the part before `/` its group.
public protocol TaskScalarKind: RawRepresentable<String>, Codable, CaseIterable, Sendable {
  associatedtype Summary: TaskSummary

  /// The number in an epoch's event; nil where it was not measured.
  func value(in event: TaskEpoch<Summary>) -> Double?
}

extension TensorBoardLog {
  /// Appends an epoch's numbers as one record at the event's optimiser step.
  /// - Throws: `Failure` of kind `inputOutput`; the log then ends where it ended before.
  public mutating func append<Summary: TaskSummary>(
    _ event: TaskEpoch<Summary>, seconds wallTime: Double, durable: Bool = false
  ) throws {
    let scalars = Summary.Scalars.allCases.compactMap { kind in
      kind.value(in: event).map { (tag: kind.rawValue, value: $0) }
    }
    try append(step: event.step, seconds: wallTime, scalars, durable: durable)
  }
}
