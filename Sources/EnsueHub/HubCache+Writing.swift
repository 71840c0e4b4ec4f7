// Writing into the cache: folders, links, revisions. Names have been checked; folders that are links are refused.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension HubCache {
  /// Makes the folders of a repository.
  /// - Throws: `Failure` of kind `cannotCreate`, also where one of them is a link: what is written must stay in the cache.
  func prepare(_ reference: HubReference, _ commit: HubCommit) throws {
    let folder = repositoryFolder(reference)
    let folders = [
      folder, "\(folder)/blobs", "\(folder)/snapshots", "\(folder)/refs", snapshotFolder(reference, commit),
    ]
    for path in folders + ["\(root)/.locks/\(folderName(reference))"] {
      var status = stat()
      guard lstat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFLNK else {
        throw Failure(
          .cannotCreate, at: path, "a folder expected, found a link, which may lead out of the cache",
          advice: "Remove it, or choose another cache with HF_HUB_CACHE.")
      }
      try OutputFile.createDirectory(path)
    }
  }

  /// Whether a file of a snapshot is the link to its content that it must be.
  func isLinked(_ reference: HubReference, _ commit: HubCommit, _ name: HubFileName, to blob: HubBlobName) -> Bool {
    let found = HubCache.linkTarget("\(snapshotFolder(reference, commit))/\(name.text)")
    return found.elementsEqual(HubCache.target(of: name, blob).utf8)
  }

  /// The bytes that a link holds; none of another file.
  private static func linkTarget(_ path: String) -> [UInt8] {
    var buffer = [CChar](repeating: 0, count: 512)
    let count = readlink(path, &buffer, buffer.count)
    return count < buffer.count ? buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) } : []
  }

  /// The content that a link of a snapshot names; nil where it is none.
  static func linkedBlob(_ path: String) -> HubBlobName? {
    let parts = linkTarget(path).split(separator: UInt8(ascii: "/"))
    return parts.last.flatMap { HubBlobName(String(decoding: $0, as: UTF8.self)) }
  }

  /// Gives a file of a snapshot its content. Another file of the name is replaced, in one step.
  func link(_ reference: HubReference, _ commit: HubCommit, _ name: HubFileName, to blob: HubBlobName) throws {
    if isLinked(reference, commit, name, to: blob) { return }
    let path = "\(snapshotFolder(reference, commit))/\(name.text)"
    try OutputFile.createDirectory(OutputFile.directory(of: path))
    // Beside the snapshots: what a killed process leaves here, nobody takes for a file of the model.
    let temporary = "\(repositoryFolder(reference))/.linking-\(UInt64.random(in: 0...UInt64.max))"
    guard symlink(HubCache.target(of: name, blob), temporary) == 0 else {
      throw Failure.system(.cannotCreate, at: path, "a link cannot be made")
    }
    try HubCache.move(temporary, to: path)
  }

  private static func move(_ temporary: String, to path: String) throws {
    guard rename(temporary, path) == 0 else {
      let failure = Failure.system(.cannotCreate, at: path, "cannot be created")
      unlink(temporary)
      throw failure
    }
  }

  private static func target(of name: HubFileName, _ blob: HubBlobName) -> String {
    String(repeating: "../", count: name.depth + 2) + "blobs/\(blob.text)"
  }

  /// Notes what a branch or tag is now. Last of all: what it stands for is then whole.
  func record(_ reference: HubReference, is commit: HubCommit) throws {
    if reference.commit != nil { return }
    if let known = try? self.commit(of: reference), known == commit { return }
    let path = refPath(reference)
    try OutputFile.createDirectory(OutputFile.directory(of: path))
    let temporary = "\(repositoryFolder(reference))/.ref-\(UInt64.random(in: 0...UInt64.max))"
    try OutputFile.write(commit.text, to: temporary)
    try HubCache.move(temporary, to: path)
  }

  /// Notes that a commit lacks a file, which saves Python's library the question.
  func recordAbsence(_ reference: HubReference, _ commit: HubCommit, of names: [String]) throws {
    let folder = "\(repositoryFolder(reference))/.no_exist/\(commit.text)"
    try OutputFile.createDirectory(folder)
    for name in names {
      let descriptor = open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw Failure.system(.cannotCreate, at: folder, "cannot be written to") }
      close(descriptor)
    }
  }
}
