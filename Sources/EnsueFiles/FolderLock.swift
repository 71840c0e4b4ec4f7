// One writer for a folder.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Holds a folder for this process; let go at the latest when the process ends, however it ends.
public struct FolderLock: ~Copyable {
  private let descriptor: Int32

  /// - Throws: `Failure` of kind `cannotCreate` when another process holds the folder.
  public init(_ folder: String) throws {
    let path = "\(folder)/.lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure.system(.cannotCreate, at: path, "cannot be created") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw Failure(
        .cannotCreate, at: folder, "another process is writing to this folder",
        advice: "Wait for it to end, or choose another folder.")
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}
