// The records' data: TensorFlow's `Event` (tensorflow/core/util/event.proto) with a file version, or with a `Summary`
// (framework/summary.proto) of scalars in `simple_value`, which every version of TensorBoard reads.

/// An event of an event file.
enum TensorBoardEvent {
  /// The first event of a file.
  case fileVersion
  /// Numbers at a step; TensorBoard keeps single precision.
  case scalars(step: Int, [(tag: String, value: Double)])

  /// The version of the format, as readers know it.
  private static let version = "brain.Event:2"

  private enum Field {
    static let wallTime = 1
    static let step = 2
    static let fileVersion = 3
    static let summary = 5
    static let summaryValue = 1
    static let tag = 1
    static let simpleValue = 2
  }

  /// The event as `Event` encodes it; a number of the event that is zero is left out, as proto3
  /// says, but never a scalar's value.
  /// - Parameter wallTime: seconds since 1970.
  func encoded(wallTime: Double) -> [UInt8] {
    var event = ProtocolBufferMessage()
    // By bits: -0.0 is not the default.
    if wallTime.bitPattern != 0 { event.append(wallTime, field: Field.wallTime) }
    switch self {
    case .fileVersion:
      event.append(TensorBoardEvent.version, field: Field.fileVersion)
    case .scalars(let step, let scalars):
      if step != 0 { event.append(step, field: Field.step) }
      var summary = ProtocolBufferMessage()
      for (tag, value) in scalars {
        var scalar = ProtocolBufferMessage()
        scalar.append(tag, field: Field.tag)
        scalar.append(Float(value), field: Field.simpleValue)
        summary.append(scalar, field: Field.summaryValue)
      }
      event.append(summary, field: Field.summary)
    }
    return event.bytes
  }
}
