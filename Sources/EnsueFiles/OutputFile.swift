// Writing. A file appears under its name whole or not at all: temporary name in the same directory,
// fsync, rename, fsync of the directory. A failed fsync is final: the page may have been dropped.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file being written beside its final place.
public struct OutputFile: ~Copyable {
  public let path: String
  /// nil where the path is a device or a pipe: these are written to, never replaced.
  private let temporaryPath: String?
  private var descriptor: Int32
  private var committed = false

  /// Starts a file that will replace `path` when `commit` succeeds.
  public init(_ path: String) throws {
    self.path = path
    temporaryPath = OutputFile.isDeviceOrPipe(path) ? nil : "\(path).writing-\(getpid())"
    descriptor = open(temporaryPath ?? path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure.system(.cannotCreate, at: path, "cannot be created") }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !committed, let temporaryPath { unlink(temporaryPath) }
  }

  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    var written = 0
    while written < bytes.count {
      let count = OutputFile.systemWrite(descriptor, bytes.baseAddress! + written, bytes.count - written)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Failure.system(.inputOutput, at: path, "writing failed") }
      written += count
    }
  }

  public mutating func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

  public mutating func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// Replaces bytes that were written: a head whose sums are known only at the end.
  public mutating func overwrite(_ bytes: [UInt8], at offset: Int) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress! + written, bytes.count - written, off_t(offset + written))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Failure.system(.inputOutput, at: path, "writing failed") }
      written += count
    }
  }

  /// Makes the file durable and gives it its name.
  public consuming func commit() throws {
    guard let temporaryPath else { return }
    guard fsync(descriptor) == 0 else { throw Failure.system(.inputOutput, at: path, "writing failed") }
    close(descriptor)
    descriptor = -1
    guard rename(temporaryPath, path) == 0 else { throw Failure.system(.cannotCreate, at: path, "cannot be created") }
    committed = true
    try OutputFile.synchronizeDirectory(of: path)
  }

  /// Writes a whole file at once.
  public static func write(_ text: String, to path: String) throws {
    var file = try OutputFile(path)
    try file.write(text)
    try file.commit()
  }

  /// Writes a whole file at once.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    var file = try OutputFile(path)
    try file.write(bytes)
    try file.commit()
  }

  private static func isDeviceOrPipe(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
  }

  /// Creates a directory and those above it.
  public static func createDirectory(_ path: String) throws {
    if path.isEmpty || InputFile.isDirectory(path) { return }
    try createDirectory(directory(of: path))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST && InputFile.isDirectory(path) else {
      throw Failure.system(.cannotCreate, at: path, "the directory cannot be created")
    }
  }

  /// Removes what killed processes left half-written in a folder that nobody else is writing to.
  public static func removeUnfinished(in directory: String) throws {
    guard InputFile.isDirectory(directory) else { return }
    for name in try InputFile.names(in: directory) where name.contains(".writing-") {
      try remove("\(directory)/\(name)")
    }
  }

  /// Removes a file; that it is already gone is no error.
  public static func remove(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else {
      throw Failure.system(.inputOutput, at: path, "cannot be removed")
    }
  }

  /// Removes a directory that holds nothing.
  public static func removeEmptyDirectory(_ path: String) throws {
    guard rmdir(path) == 0 || errno == ENOENT else {
      throw Failure.system(.inputOutput, at: path, "cannot be removed")
    }
  }

  /// The directory part of a path: `.` for a bare name.
  public static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func synchronizeDirectory(of path: String) throws {
    let directory = directory(of: path)
    let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure.system(.inputOutput, at: directory, "cannot be made durable") }
    defer { close(descriptor) }
    // Some file systems cannot fsync a directory and say so with EINVAL: they offer nothing stronger.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw Failure.system(.inputOutput, at: directory, "cannot be made durable")
    }
  }

  private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #else
      Darwin.write(descriptor, bytes, count)
    #endif
  }
}
