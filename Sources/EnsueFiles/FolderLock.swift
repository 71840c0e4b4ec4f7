// One writer for a file or a folder.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Holds a file for this process; let go at the latest when the process ends, however it ends.
public struct FileLock: ~Copyable {
  private let descriptor: Int32

  /// Makes the file where there is none; nil when another process, or another lock of this one, holds it.
  public init?(_ path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure.system(.cannotCreate, at: path, "cannot be created") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isHeld = errno == EWOULDBLOCK
      let failure = Failure.system(.cannotCreate, at: path, "cannot be locked")
      close(descriptor)
      if isHeld { return nil }
      throw failure
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}

/// Holds a folder for this process.
public struct FolderLock: ~Copyable {
  private let lock: FileLock

  /// - Throws: `Failure` of kind `cannotCreate` when another process holds the folder.
  public init(_ folder: String) throws {
    guard let lock = try FileLock("\(folder)/.lock") else {
      throw Failure(
        .cannotCreate, at: folder, "another process is writing to this folder",
        advice: "Wait for it to end, or choose another folder.")
    }
    self.lock = lock
  }
}
