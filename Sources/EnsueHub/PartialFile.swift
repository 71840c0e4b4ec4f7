// A content on its way into the cache: HASH.incomplete. Its hash is always known for what is there, so that nothing
// gets the name of a content that is not that content, whoever wrote the beginning.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is being filled, held under the lock of its content.
final class PartialFile {
  let path: String
  private let blob: HubBlobName
  private let size: Int
  private let descriptor: Int32
  private var hash: ContentHash
  private(set) var count = 0
  /// Whether all of it comes from one answer.
  private(set) var isOfOnePiece = true

  /// Opens what is there, or begins.
  init(_ path: String, blob: HubBlobName, size: Int) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw Failure.system(.cannotCreate, at: path, "cannot be created") }
    (self.path, self.blob, self.size, hash) = (path, blob, size, blob.hash(size: size))
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.cannotCreate, at: path, "a file expected, found something else")
    }
    if status.st_size > size {
      try restart()
      return
    }
    hash = try blob.hash(of: path, size: size, count: Int(status.st_size))
    count = Int(status.st_size)
    isOfOnePiece = count == 0
    lseek(descriptor, off_t(count), SEEK_SET)
  }

  deinit { close(descriptor) }

  func restart() throws {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw Failure.system(.inputOutput, at: path, "cannot be emptied")
    }
    (count, hash, isOfOnePiece) = (0, blob.hash(size: size), true)
  }

  /// Says that another answer goes on where the last one ended.
  func goOn() { isOfOnePiece = isOfOnePiece && count == 0 }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty {
      let written = write(descriptor, base, rest.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw Failure.system(.inputOutput, at: path, "writing failed") }
      hash.append(UnsafeRawBufferPointer(rebasing: rest[..<written]))
      count += written
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// The hash of what is there.
  var hexadecimal: String { hash.hexadecimal }

  /// Makes the file durable and gives it its name; the hash has been compared.
  func finish(as final: String) throws {
    guard fsync(descriptor) == 0 else { throw Failure.system(.inputOutput, at: path, "writing failed") }
    guard rename(path, final) == 0 else { throw Failure.system(.cannotCreate, at: final, "cannot be created") }
    let folder = open(OutputFile.directory(of: final), O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }
}

extension HubBlobName {
  /// The hash after the first `count` bytes of a file, as a content of `size` bytes has it.
  func hash(of path: String, size: Int, count: Int) throws -> ContentHash {
    var hash = hash(size: size)
    let file = try InputFile(path)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    var offset = 0
    while offset < count {
      let part = UnsafeMutableRawBufferPointer(rebasing: piece[0..<min(piece.count, count - offset)])
      try file.read(into: part, at: offset)
      hash.append(UnsafeRawBufferPointer(part))
      offset += part.count
    }
    return hash
  }

  /// Whether a file of the cache is the content of this name. Python's library may have a link here, to a store that
  /// all repositories share.
  /// - Parameter isThorough: whether its hash is computed; else its size must do.
  func isContent(of path: String, size: Int, isThorough: Bool) throws -> Bool {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == size else {
      return false
    }
    return try !isThorough || hash(of: path, size: size, count: size).hexadecimal == text
  }
}
