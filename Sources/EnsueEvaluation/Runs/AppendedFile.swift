// A file that grows by whole entries while a run goes on, and that a resume cuts back to what its checkpoint knows:
// what `metrics.jsonl` and the TensorBoard log have in common. What an entry is, their own types know.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file open for appending. One process writes it at a time.
struct AppendedFile: ~Copyable {
  let path: String
  /// The length of the file, in bytes.
  private(set) var byteCount: Int
  /// Bytes that opening removed from the end.
  let droppedBytes: Int
  private let descriptor: Int32

  static let advice = "Restore the log that belongs to the checkpoint, or start the run anew."

  /// Opens a file, creating it where there is none, and cuts it.
  /// - Parameters:
  ///   - path: the file.
  ///   - keepingBytes: the length to cut the file to; `nil` keeps all whole entries.
  ///   - entry: an entry's name with its article, for messages.
  ///   - wholeBytes: the length of the whole entries among the file's first bytes, whose count it is given.
  /// - Throws: `Failure` when the file cannot be opened, is shorter than `keepingBytes`, or would be cut inside an
  ///   entry; the file is then left as it was.
  init(
    _ path: String, keepingBytes: Int?, entry: String, wholeBytes: (borrowing InputFile, Int) throws -> Int
  ) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure.system(.cannotCreate, at: path, "cannot be opened for writing") }
    do {
      let size = try AppendedFile.regularSize(of: descriptor, path)
      let kept = keepingBytes ?? size
      guard 0...size ~= kept else {
        throw Failure(
          .data, at: path, "at least \(kept) bytes expected, found \(size)", advice: AppendedFile.advice)
      }
      let whole = try wholeBytes(try InputFile(path), kept)
      guard keepingBytes == nil || whole == kept else {
        throw Failure(
          .data, at: "\(path)@\(kept)", "the end of \(entry) expected, found its middle", advice: AppendedFile.advice)
      }
      guard ftruncate(descriptor, off_t(whole)) == 0 else {
        throw Failure.system(.inputOutput, at: path, "cutting the file failed")
      }
      self.path = path
      self.byteCount = whole
      self.droppedBytes = size - whole
      self.descriptor = descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// Appends one entry, by one write where the system takes it whole.
  /// - Parameters:
  ///   - bytes: the entry.
  ///   - durable: whether to wait until the entry is on the disk (`fsync`), as before a checkpoint that counts on it.
  /// - Throws: `Failure` of kind `inputOutput`; the file then ends where it ended before.
  mutating func append(_ bytes: [UInt8], durable: Bool) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let failure = Failure.system(.inputOutput, at: path, "writing failed")
        _ = ftruncate(descriptor, off_t(byteCount))
        throw failure
      }
      written += count
    }
    byteCount += bytes.count
    if durable { try synchronize() }
  }

  /// Waits until everything appended is on the disk.
  func synchronize() throws {
    guard fsync(descriptor) == 0 else { throw Failure.system(.inputOutput, at: path, "writing failed") }
  }

  private static func regularSize(of descriptor: Int32, _ path: String) throws -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.cannotCreate, at: path, "a file expected, found something else")
    }
    return Int(status.st_size)
  }
}
