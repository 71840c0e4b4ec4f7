// The Hub's cache on disk, in the layout of huggingface_hub, which reads what is written here and the reverse:
//
//   models--ORG--NAME/blobs/HASH                     contents, named by their hash; HASH.incomplete while they come
//   models--ORG--NAME/refs/REVISION                  the commit that a branch or tag was when it was pulled
//   models--ORG--NAME/snapshots/COMMIT/FILE          a link to ../../blobs/HASH
//   models--ORG--NAME/.no_exist/COMMIT/FILE          an empty file: the commit has no such file
//   .locks/models--ORG--NAME/HASH.lock               held while HASH is written

import EnsueFiles

/// A cache.
public struct HubCache: Sendable {
  public let root: String

  /// - Parameter root: the folder; else what the environment says, `~/.cache/huggingface/hub` in the end.
  public init(root: String? = nil) { self.root = root ?? HubEnvironment.process.cacheRoot }

  /// The folder of a reference's files; nil where the cache has none.
  /// - Throws: `Failure` when the cache says something that no cache says.
  public func snapshot(_ reference: HubReference) throws -> String? {
    guard let commit = try commit(of: reference) else { return nil }
    let folder = snapshotFolder(reference, commit)
    return InputFile.isDirectory(folder) ? folder : nil
  }

  /// The folder of a reference's files, all of them, or all that a choice of names takes.
  /// - Throws: `Failure` of kind `missing` that names the command which brings them.
  public func require(_ reference: HubReference, _ files: HubFileSelection = .usual) throws -> String {
    let place = HubReference.prefix + reference.description
    let advice = "Run: ensue pull \(reference)"
    guard let folder = try snapshot(reference) else {
      throw Failure(.missing, at: place, "a model in the cache \(root) expected, found none", advice: advice)
    }
    guard try names(in: folder).contains(where: files.takes) else {
      throw Failure(.missing, at: place, "files of such names expected, found none", advice: advice)
    }
    let missing = try missingFiles(in: folder).filter(files.takes)
    guard missing.isEmpty else {
      let names =
        missing.prefix(5).joined(separator: ", ") + (missing.count > 5 ? " and \(missing.count - 5) more" : "")
      throw Failure(.missing, at: place, "a whole model in the cache expected, found none of \(names)", advice: advice)
    }
    return folder
  }

  /// A path as it is; of `hub:ORG/NAME[@revision]` the folder in the cache.
  public func resolve(_ path: String) throws -> String {
    path.hasPrefix(HubReference.prefix) ? try require(HubReference(path)) : path
  }

  /// The commit that a reference stands for, as far as the cache knows.
  func commit(of reference: HubReference) throws -> HubCommit? {
    if let commit = reference.commit { return commit }
    let path = refPath(reference)
    guard InputFile.exists(path) else { return nil }
    let text = String(decoding: try InputFile.contents(of: path, limit: 4096), as: UTF8.self)
    guard let commit = HubCommit(String(text.prefix { !$0.isWhitespace })) else {
      throw Failure(
        .data, at: path, "a commit expected, found \(Failure.shown(text))", advice: "Remove the file and pull again.")
    }
    return commit
  }

  /// The files of a snapshot, with `/` between the parts of their names.
  func names(in snapshot: String) throws -> [String] {
    var found: [String] = []
    func visit(_ folder: String, _ prefix: String, depth: Int) throws {
      guard depth < 32 else { return }
      for name in try InputFile.names(in: folder) {
        let path = "\(folder)/\(name)"
        if InputFile.isDirectory(path) {
          try visit(path, "\(prefix)\(name)/", depth: depth + 1)
        } else {
          found.append(prefix + name)
        }
      }
    }
    try visit(snapshot, "", depth: 0)
    return found
  }

  /// Files of a snapshot whose contents are gone, and parts that an index of weights names and the snapshot lacks.
  package func missingFiles(in snapshot: String) throws -> [String] {
    var missing = try names(in: snapshot).filter { !InputFile.exists("\(snapshot)/\($0)") }
    for index in HubFileSelection.indexes {
      for name in try parts(in: snapshot, index) {
        if !InputFile.exists("\(snapshot)/\(name.text)"), !missing.contains(name.text) { missing.append(name.text) }
      }
    }
    return missing
  }

  /// The files that an index of weights names, where it is there.
  func parts(in snapshot: String, _ index: String) throws -> [HubFileName] {
    let path = "\(snapshot)/\(index)"
    guard InputFile.exists(path), let map = try JSONValue.contents(of: path).objectValue?["weight_map"]?.objectValue
    else { return [] }
    return try Set(map.members.compactMap { $0.value.stringValue })
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { try HubFileName($0, at: path) }
  }

  /// Computes the hashes of a snapshot's files, which are the names of their contents.
  /// - Throws: `Failure` of kind `data` for the first that differs.
  func verify(_ snapshot: String, _ files: HubFileSelection) throws {
    for name in try names(in: snapshot) where files.takes(name) {
      let path = "\(snapshot)/\(name)"
      guard let blob = HubCache.linkedBlob(path) else {
        throw Failure(.data, at: path, "a link to a content, whose name is its hash, expected, found another file")
      }
      let size = try InputFile(path).size
      guard try blob.isContent(of: path, size: size, isThorough: true) else {
        throw Failure(
          .data, at: path, "\(blob.algorithm.rawValue) mismatch: expected \(blob.text), found another",
          advice: "The file was damaged in the cache; with a connection, pull --verify brings it again.")
      }
    }
  }
}

// Places.
extension HubCache {
  package func repositoryFolder(_ reference: HubReference) -> String { "\(root)/\(folderName(reference))" }

  package func blobPath(_ reference: HubReference, _ blob: HubBlobName) -> String {
    "\(repositoryFolder(reference))/blobs/\(blob.text)"
  }

  func lockPath(_ reference: HubReference, _ blob: HubBlobName) -> String {
    "\(root)/.locks/\(folderName(reference))/\(blob.text).lock"
  }

  func snapshotFolder(_ reference: HubReference, _ commit: HubCommit) -> String {
    "\(repositoryFolder(reference))/snapshots/\(commit.text)"
  }

  func refPath(_ reference: HubReference) -> String {
    "\(repositoryFolder(reference))/refs/\(reference.revision)"
  }

  func folderName(_ reference: HubReference) -> String {
    "models--" + reference.repository.split(separator: "/").joined(separator: "--")
  }
}
