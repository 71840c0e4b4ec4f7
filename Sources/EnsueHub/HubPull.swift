// What a pull tells while it runs, and what it has done.

/// How far a pull is.
public struct HubProgress: Sendable {
  /// The file that is coming.
  public private(set) var file = ""
  /// Bytes that are in the cache, of all files that were to come.
  public private(set) var completed = 0
  public let total: Int
  /// Those that this pull has brought.
  public private(set) var received = 0
  private var before = 0
  private var size = 0
  /// What was there before; nil until the file says.
  private var start: Int?

  init(of absent: [HubRemoteFile]) { total = absent.reduce(0) { $0 + $1.size } }

  mutating func begin(_ file: HubRemoteFile) {
    before += size
    (self.file, size, start, completed) = (file.name.text, file.size, nil, before)
  }

  mutating func reach(_ count: Int) {
    let former = start.map { _ in completed - before } ?? count
    start = start ?? count
    received += max(0, count - former)
    completed = before + count
  }
}

/// What a pull has done.
public struct HubPull: Sendable {
  /// The snapshot's folder.
  public let folder: String
  public let commit: String
  public private(set) var fileCount = 0
  public private(set) var byteCount = 0
  /// Bytes that came over the network.
  public private(set) var receivedBytes = 0
  public private(set) var hasPickledWeights = false
  public private(set) var hasSafetensors = false

  init(folder: String, commit: String) { (self.folder, self.commit) = (folder, commit) }

  mutating func add(_ file: HubRemoteFile) {
    fileCount += 1
    byteCount += file.size
    if file.name.text.hasSuffix(".bin") { hasPickledWeights = true }
    if file.name.text.hasSuffix(".safetensors") { hasSafetensors = true }
  }

  mutating func add(received count: Int) { receivedBytes += count }
}
