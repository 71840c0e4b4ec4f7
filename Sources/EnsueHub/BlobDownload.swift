// One content from the Hub into the cache: locked, resumed where it was, checked by size and hash.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file of a commit, as the Hub describes it.
struct HubRemoteFile: Sendable {
  let name: HubFileName
  let blob: HubBlobName
  let size: Int
}

/// The way of one file into the cache.
struct BlobDownload {
  /// Seconds without growth, after which a lock that another process holds is no longer waited for.
  static let lockSeconds = 120.0

  let cache: HubCache
  let reference: HubReference
  let commit: HubCommit
  let file: HubRemoteFile
  let connection: HubConnection
  let policy: RetryPolicy

  /// Brings the content, or finds that another process has.
  /// - Parameter progress: gets the bytes that are there.
  /// - Returns: the bytes that were received.
  func run(isThorough: Bool, progress: (Int) -> Void) throws -> Int {
    let final = cache.blobPath(reference, file.blob)
    let lock = try acquired(progress: progress)
    defer { withExtendedLifetime(lock) {} }
    if try file.blob.isContent(of: final, size: file.size, isThorough: isThorough) { return 0 }
    let partial = try PartialFile("\(final).incomplete", blob: file.blob, size: file.size)
    var received = 0
    while true {
      do {
        try policy.run(progress: { received }) { try attempt(partial, &received, progress) }
      } catch let failure as Failure where failure.kind == .unavailable {
        throw Failure(
          .unavailable, at: failure.place, "\(failure.problem), after \(partial.count) of \(file.size) bytes",
          advice: failure.advice)
      }
      if partial.hexadecimal == file.blob.text { break }
      // A beginning from elsewhere may be at fault; a whole answer is not tried again.
      guard !partial.isOfOnePiece else {
        unlink(partial.path)
        throw Failure(
          .data, at: what,
          "\(file.blob.algorithm.rawValue) mismatch: expected \(file.blob.text), found \(partial.hexadecimal)",
          advice: "The file was damaged on its way; nothing of it was kept.")
      }
      try partial.restart()
    }
    try partial.finish(as: final)
    return received
  }

  var what: String { "\(reference.repository)/\(file.name.text)" }

  /// The lock of the content; waits while another process makes progress with it.
  private func acquired(progress: (Int) -> Void) throws -> FileLock {
    let path = cache.lockPath(reference, file.blob)
    let incomplete = "\(cache.blobPath(reference, file.blob)).incomplete"
    var (waited, reached) = (0.0, -1)
    while true {
      if let lock = try FileLock(path) { return lock }
      var status = stat()
      let count = stat(incomplete, &status) == 0 ? Int(status.st_size) : 0
      if count != reached { (waited, reached) = (0, count) }
      progress(min(count, file.size))
      guard waited < BlobDownload.lockSeconds else {
        throw Failure(
          .cannotCreate, at: path, "another process holds the file and does not go on",
          advice: "End it, or choose another cache with HF_HUB_CACHE.")
      }
      usleep(50_000)
      waited += 0.05
    }
  }

  /// One request for what is still missing.
  private func attempt(_ partial: PartialFile, _ received: inout Int, _ progress: (Int) -> Void) throws {
    progress(partial.count)
    let start = partial.count
    if start == file.size { return }
    partial.goOn()
    let path =
      "/\(HubURL.encoded(reference.repository, keepsSlashes: true))/resolve/\(commit.text)/"
      + HubURL.encoded(file.name.text, keepsSlashes: true)
    var isFirst = true
    var count = 0
    defer { received += count }
    let head = try connection.send(
      .get, path, what: what, headers: start > 0 ? [("Range", "bytes=\(start)-")] : [],
      check: { try check($0, partial) }
    ) { head, bytes in
      if isFirst { try begin(partial, head, asked: start) }
      isFirst = false
      guard bytes.count <= file.size - partial.count else {
        throw Failure(.data, at: what, "\(file.size) bytes expected, found more")
      }
      try partial.append(bytes)
      count += bytes.count
      progress(partial.count)
    }
    if head.status == 416 {
      try partial.restart()
      throw Retryable(
        failure: Failure(.data, at: what, "the bytes from \(start) on expected, found none (416)"), wish: nil)
    }
    try connection.checkStatus(head, what: what, of: reference)
    guard partial.count == file.size else {
      throw Retryable(
        failure: Failure(
          .unavailable, at: what, "all bytes expected, found the end",
          advice: "Run the same command again to go on."), wish: nil)
    }
  }
}
