// The run log being written: `metrics.jsonl` in a run folder, one JSON object a line, appended while the run goes
// on. It is not written whole: a resume cuts it to what its checkpoint knows (`AppendedFile`).

import EnsueFiles

/// A `metrics.jsonl` open for appending. One process writes it at a time.
public struct RunLog: ~Copyable {
  private var file: AppendedFile

  public var path: String { file.path }
  /// The length of the log, in bytes: what a checkpoint remembers so that a resume can continue from here.
  public var byteCount: Int { file.byteCount }
  /// Bytes that opening removed: events after the checkpoint, or a cut last line.
  public var droppedBytes: Int { file.droppedBytes }

  private init(_ file: consuming AppendedFile) { self.file = file }

  /// Opens a log for appending, creating it where there is none.
  /// - Parameters:
  ///   - path: the file.
  ///   - keepingBytes: the length to cut the log to: 0 for a new run, a former `byteCount` for a resume. `nil` keeps
  ///     all whole lines and removes a cut last one.
  /// - Throws: `Failure` when the file cannot be opened, is shorter than `keepingBytes`, or would be cut inside a line.
  public static func open(path: String, keepingBytes: Int? = nil) throws -> RunLog {
    RunLog(try AppendedFile(path, keepingBytes: keepingBytes, entry: "a line", wholeBytes: wholeLineBytes))
  }

  /// Appends one event as one line, by one write.
  /// - Parameters:
  ///   - event: the event.
  ///   - durable: whether to wait until the line is on the disk (`fsync`), as before a checkpoint that counts on it.
  /// - Throws: `Failure` of kind `inputOutput`; the log then ends where it ended before.
  public mutating func append(_ event: RunEvent, durable: Bool = false) throws {
    try append(event.json, durable)
  }

  /// The same for a language model's run.
  public mutating func append(languageModel event: LanguageModelEvent, durable: Bool = false) throws {
    try append(event.json, durable)
  }

  /// The same for a translation model's run.
  public mutating func append(translation event: TranslationEvent, durable: Bool = false) throws {
    try append(event.json, durable)
  }

  private mutating func append(_ line: JSONValue, _ durable: Bool) throws {
    try file.append(Array((line.description + "\n").utf8), durable: durable)
  }

  /// Waits until everything appended is on the disk.
  public func synchronize() throws { try file.synchronize() }
}

/// The bytes up to and with the last line end among the first `count`. A log's lines are short, so reading backwards
/// by bytes is enough.
private func wholeLineBytes(of file: borrowing InputFile, among count: Int) throws -> Int {
  var end = count
  while end > 0, try file.bytes(at: end - 1, count: 1) != [UInt8(ascii: "\n")] { end -= 1 }
  return end
}
