// The run log being written: `metrics.jsonl` in a run folder, one JSON object a line, appended while the run goes
// on. It is the one file that is not written whole: a resume cuts it to what its checkpoint knows.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A `metrics.jsonl` open for appending. One process writes it at a time.
public struct RunLog: ~Copyable {
  public let path: String
  /// The length of the log, in bytes: what a checkpoint remembers so that a resume can continue from here.
  public private(set) var byteCount: Int
  /// Bytes that opening removed: events after the checkpoint, or a cut last line.
  public let droppedBytes: Int
  private let descriptor: Int32

  private init(path: String, descriptor: Int32, byteCount: Int, droppedBytes: Int) {
    self.path = path
    self.descriptor = descriptor
    self.byteCount = byteCount
    self.droppedBytes = droppedBytes
  }

  deinit { close(descriptor) }

  /// Opens a log for appending, creating it where there is none.
  /// - Parameters:
  ///   - path: the file.
  ///   - keepingBytes: the length to cut the log to: 0 for a new run, a former `byteCount` for a resume. `nil` keeps
  ///     all whole lines and removes a cut last one.
  /// - Throws: `Failure` when the file cannot be opened, is shorter than `keepingBytes`, or would be cut inside a line.
  public static func open(path: String, keepingBytes: Int? = nil) throws -> RunLog {
    let descriptor = systemOpen(path, O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure.system(.cannotCreate, at: path, "cannot be opened for writing") }
    do {
      let size = try regularSize(of: descriptor, path)
      let kept = try keepingBytes ?? wholeLineBytes(of: descriptor, path, size: size)
      try check(kept, of: descriptor, path, size: size)
      guard ftruncate(descriptor, off_t(kept)) == 0 else {
        throw Failure.system(.inputOutput, at: path, "cutting the file failed")
      }
      return RunLog(path: path, descriptor: descriptor, byteCount: kept, droppedBytes: size - kept)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Appends one event as one line, by one write.
  /// - Parameters:
  ///   - event: the event.
  ///   - durable: whether to wait until the line is on the disk (`fsync`), as before a checkpoint that counts on it.
  /// - Throws: `Failure` of kind `inputOutput`; the log then ends where it ended before.
  public mutating func append(_ event: RunEvent, durable: Bool = false) throws {
    let line = Array((event.json.description + "\n").utf8)
    var written = 0
    while written < line.count {
      let count = line[written...].withUnsafeBytes { systemWrite(descriptor, $0) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let failure = Failure.system(.inputOutput, at: path, "writing failed")
        _ = ftruncate(descriptor, off_t(byteCount))
        throw failure
      }
      written += count
    }
    byteCount += line.count
    if durable { try synchronize() }
  }

  /// Waits until everything appended is on the disk.
  public func synchronize() throws {
    guard fsync(descriptor) == 0 else { throw Failure.system(.inputOutput, at: path, "writing failed") }
  }
}

private func regularSize(of descriptor: Int32, _ path: String) throws -> Int {
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    throw Failure(.cannotCreate, at: path, "a file expected, found something else")
  }
  return Int(status.st_size)
}

private func check(_ kept: Int, of descriptor: Int32, _ path: String, size: Int) throws {
  let advice = "Restore the log that belongs to the checkpoint, or start the run anew."
  guard kept >= 0, kept <= size else {
    throw Failure(.data, at: path, "at least \(kept) bytes expected, found \(size)", advice: advice)
  }
  guard kept > 0 else { return }
  guard try byte(at: kept - 1, of: descriptor, path) == UInt8(ascii: "\n") else {
    throw Failure(.data, at: "\(path)@\(kept)", "the end of a line expected, found its middle", advice: advice)
  }
}

/// The bytes up to and with the last line end. A log's lines are short, so reading backwards by bytes is enough.
private func wholeLineBytes(of descriptor: Int32, _ path: String, size: Int) throws -> Int {
  var end = size
  while end > 0, try byte(at: end - 1, of: descriptor, path) != UInt8(ascii: "\n") { end -= 1 }
  return end
}

private func byte(at offset: Int, of descriptor: Int32, _ path: String) throws -> UInt8 {
  var byte: UInt8 = 0
  while true {
    let count = pread(descriptor, &byte, 1, off_t(offset))
    if count < 0 && errno == EINTR { continue }
    guard count == 1 else { throw Failure.system(.inputOutput, at: path, "reading failed") }
    return byte
  }
}

// `RunLog.open` and the system's share their names; these reach the latter.

private func systemOpen(_ path: String, _ flags: Int32) -> Int32 {
  #if canImport(Glibc)
    Glibc.open(path, flags, 0o644)
  #else
    Darwin.open(path, flags, 0o644)
  #endif
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes.baseAddress, bytes.count)
  #else
    Darwin.write(descriptor, bytes.baseAddress, bytes.count)
  #endif
}
