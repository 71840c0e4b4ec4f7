// Epochs in TensorBoard: the events of the run log, as scalars.

extension TensorBoardLog {
  /// Appends an epoch's numbers (`EpochScalarKind`) as one record at the event's optimiser step; an epoch without
  /// validation has no validation scalars.
  /// - Parameters:
  ///   - event: the epoch.
  ///   - wallTime: the time of the event, in seconds since 1970 and finite.
  ///   - durable: as in `append(step:seconds:_:durable:)`.
  /// - Throws: `Failure` of kind `inputOutput`; the log then ends where it ended before.
  public mutating func append(_ event: EpochEvent, seconds wallTime: Double, durable: Bool = false) throws {
    let scalars = EpochScalarKind.allCases.compactMap { kind in
      kind.value(in: event).map { (tag: kind.rawValue, value: $0) }
    }
    try append(step: event.step, seconds: wallTime, scalars, durable: durable)
  }
}
