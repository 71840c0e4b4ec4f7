// A run's numbers for TensorBoard: the event file of a run folder, appended while the run goes on. One file a run, under
// one name: a resume cuts it to what its checkpoint knows (`AppendedFile`) instead of starting another.

import EnsueFiles

/// A TensorBoard event file open for appending. One process writes it at a time.
///
/// `tensorboard --logdir` with a folder of run folders shows each run under its folder's name. A TensorBoard that is
/// running while a resume cuts the file does not expect that: started again, it shows the run as it is.
public struct TensorBoardLog: ~Copyable {
  /// The file's name in its run folder. TensorBoard finds files by `tfevents` in their name and reads a folder's in
  /// the order of their names; the number is where other writers have their start time.
  public static let fileName = "events.out.tfevents.0000000000.ensue"

  private var file: AppendedFile

  public var path: String { file.path }
  /// The length of the log, in bytes: what a checkpoint remembers so that a resume can continue from here.
  public var byteCount: Int { file.byteCount }
  /// Bytes that opening removed: records after the checkpoint, or a cut last record.
  public var droppedBytes: Int { file.droppedBytes }

  private init(_ file: consuming AppendedFile) { self.file = file }

  /// Opens a run's log for appending, creating it where there is none.
  /// - Parameters:
  ///   - directory: the run folder; it must exist.
  ///   - keepingBytes: the length to cut the log to: 0 for a new run, a former `byteCount` for a resume. `nil` keeps
  ///     all whole records and removes a cut last one.
  ///   - startTime: when the run began, in seconds since 1970 and finite; written where the log is empty.
  /// - Throws: `Failure` when the file cannot be opened, is shorter than `keepingBytes`, would be cut inside a record,
  ///   or what would be kept holds a damaged record; the file is then left as it was.
  public static func open(directory: String, keepingBytes: Int? = nil, startTime: Double) throws -> TensorBoardLog {
    precondition(startTime.isFinite, "the start time of a log must be finite, found \(startTime)")
    var log = TensorBoardLog(
      try AppendedFile(
        "\(directory)/\(fileName)", keepingBytes: keepingBytes, entry: "a record",
        wholeBytes: TensorBoardRecord.wholeBytes))
    if log.byteCount == 0 { try log.append(.fileVersion, wallTime: startTime, durable: false) }
    return log
  }

  /// Appends scalars of one step as one record; none of them, no record.
  /// - Parameters:
  ///   - step: TensorBoard's horizontal axis.
  ///   - wallTime: the time of the event, in seconds since 1970 and finite.
  ///   - scalars: a curve's name, which TensorBoard groups by the part before the first `/`, and its value; rounded to
  ///     single precision, written as it is where it is not finite.
  ///   - durable: whether to wait until the record is on the disk (`fsync`), as before a checkpoint that counts on it.
  /// - Throws: `Failure` of kind `inputOutput`; the log then ends where it ended before.
  public mutating func append(
    step: Int, seconds wallTime: Double, _ scalars: [(tag: String, value: Double)], durable: Bool = false
  ) throws {
    precondition(wallTime.isFinite, "the time of an event must be finite, found \(wallTime)")
    precondition(scalars.allSatisfy { !$0.tag.isEmpty }, "a scalar needs a tag")
    if scalars.isEmpty { return }
    try append(.scalars(step: step, scalars), wallTime: wallTime, durable: durable)
  }

  /// Waits until everything appended is on the disk.
  public func synchronize() throws { try file.synchronize() }

  private mutating func append(_ event: TensorBoardEvent, wallTime: Double, durable: Bool) throws {
    try file.append(TensorBoardRecord.framed(event.encoded(wallTime: wallTime)), durable: durable)
  }
}
