// A file that was read, as a run's configuration records it.

import EnsueFiles

/// The identity of a file: where it was, how large, and the digest of its bytes.
public struct SourceFile: Sendable, Equatable {
  public let path: String
  /// The size on disk, in bytes.
  public let bytes: Int
  public let digest: Digest

  public init(path: String, bytes: Int, digest: Digest) {
    self.path = path
    self.bytes = bytes
    self.digest = digest
  }

  /// An object with `path`, `bytes` and `digest`.
  public var json: JSONValue {
    .object(["path": .string(path), "bytes": .number(bytes), "digest": .string(digest.description)])
  }
}
