// Reading. Every read is of a regular file whose size is known first, by `pread`: another process that
// truncates the file meanwhile gives an error, never a fault.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open file of known size.
public struct InputFile: ~Copyable, Sendable {
  public let path: String
  public let size: Int
  private let descriptor: Int32

  /// Opens a regular file; directories, pipes and devices are refused before they can block.
  public init(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure.system(.missing, at: path, "cannot be read") }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      close(descriptor)
      throw Failure(
        .missing, at: path, "a file expected, found \(isDirectory ? "a directory" : "a pipe or device")",
        advice: isDirectory ? "" : "Save it to a file first, or read standard input with -.")
    }
    self.path = path
    self.size = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Fills `buffer` with the bytes from `offset` on.
  /// - Throws: `Failure` when the file ends before the buffer is full.
  public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var filled = 0
    while filled < buffer.count {
      let count = pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset + filled))
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw Failure.system(.inputOutput, at: path, "reading failed") }
      if count == 0 { throw Failure(.inputOutput, at: path, "the file changed while it was read") }
      filled += count
    }
  }

  /// The `count` bytes from `offset` on.
  public func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      try read(
        into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[0..<count]), at: offset)
      initialized = count
    }
  }

  /// The whole content; `-` is standard input.
  /// - Parameter limit: the largest size accepted, in bytes.
  public static func contents(of path: String, limit: Int = 8 << 30) throws -> [UInt8] {
    if path == "-" { return try standardInput(limit: limit) }
    let file = try InputFile(path)
    guard file.size <= limit else {
      throw Failure(.data, at: path, "at most \(limit) bytes expected, found \(file.size)")
    }
    return try file.bytes(at: 0, count: file.size)
  }

  private static func standardInput(limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = piece.withUnsafeMutableBytes { systemRead($0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Failure.system(.inputOutput, at: "standard input", "reading failed") }
      if count == 0 { return bytes }
      bytes += piece.prefix(count)
      guard bytes.count <= limit else {
        throw Failure(.data, at: "standard input", "at most \(limit) bytes expected, found more")
      }
    }
  }

  private static func systemRead(_ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.read(STDIN_FILENO, buffer, count)
    #else
      Darwin.read(STDIN_FILENO, buffer, count)
    #endif
  }

  /// The digest of the whole content, read in pieces.
  public static func digest(of path: String) throws -> Digest {
    let file = try InputFile(path)
    var digest = IncrementalDigest()
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 22, alignment: 64)
    defer { piece.deallocate() }
    var offset = 0
    while offset < file.size {
      let part = UnsafeMutableRawBufferPointer(rebasing: piece[0..<min(piece.count, file.size - offset)])
      try file.read(into: part, at: offset)
      digest.append(UnsafeRawBufferPointer(part))
      offset += part.count
    }
    return digest.digest
  }

  /// Whether something exists at `path` (links are followed).
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether `path` is a directory.
  public static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a directory, sorted by bytes, without `.` and `..`.
  public static func names(in directory: String) throws -> [String] {
    guard let stream = opendir(directory) else { throw Failure.system(.missing, at: directory, "cannot be listed") }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

extension Failure {
  /// A failed system call, with the system's own words.
  public static func system(_ kind: Kind, at place: String, _ problem: String, advice: String = "") -> Failure {
    let code = errno
    let isFull = code == ENOSPC || code == EDQUOT
    return Failure(
      kind, at: place, "\(problem): \(String(cString: strerror(code)))",
      advice: advice.isEmpty && isFull ? "Free some space and run the same command again." : advice)
  }
}
