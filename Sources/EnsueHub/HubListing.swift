// What a repository holds at a revision: the answer of /api/models/ORG/NAME/revision/REV?blobs=true.

import EnsueFiles

/// A file of a repository, as the list has it.
struct HubListedFile: Sendable {
  let name: HubFileName
  /// Where the list says them; some servers do not.
  let blob: HubBlobName?
  let size: Int?
}

/// A commit and its files.
struct HubListing: Sendable {
  /// Bytes of an answer.
  static let byteLimit = 16 << 20
  private static let fileLimit = 100_000
  /// Bytes of one file: 16 TiB, beyond what the Hub keeps.
  static let sizeLimit = 1 << 44

  let commit: HubCommit
  let files: [HubListedFile]

  /// - Parameter place: what was asked for, for messages.
  init(_ bytes: [UInt8], of reference: HubReference, place: String) throws {
    if bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "<") {
      throw Failure(
        .data, at: place, "a list in JSON expected, found a web page",
        advice: "A proxy or a login page may stand between here and the Hub.")
    }
    guard let object = try JSONValue.parse(bytes, name: place).objectValue else {
      throw Failure(.data, at: place, "an object expected, found another JSON value")
    }
    let sha = object["sha"]?.stringValue ?? ""
    guard let commit = HubCommit(sha) else {
      throw Failure(.data, at: place, "a commit of 40 hexadecimal digits expected as sha, found \(Failure.shown(sha))")
    }
    guard reference.commit == nil || reference.commit == commit else {
      throw Failure(.data, at: place, "the commit that was asked for expected, found \(commit.text)")
    }
    self.commit = commit
    guard let siblings = object["siblings"]?.arrayValue else {
      throw Failure(.data, at: place, "an array of files expected as siblings, found none")
    }
    guard siblings.count <= HubListing.fileLimit else {
      throw Failure(.data, at: place, "at most \(HubListing.fileLimit) files expected, found \(siblings.count)")
    }
    files = try HubListing.files(siblings, place: place)
  }

  private static func files(_ siblings: [JSONValue], place: String) throws -> [HubListedFile] {
    var seen: Set<HubFileName> = []
    return try siblings.map { value in
      guard let file = value.objectValue, let text = file["rfilename"]?.stringValue else {
        throw Failure(.data, at: place, "files with an rfilename expected, found \(value.kindName)")
      }
      let name = try HubFileName(text, at: place)
      guard seen.insert(name).inserted else {
        throw Failure(.data, at: place, "every file once expected, found \(Failure.shown(text)) twice")
      }
      let large = file["lfs"]?.objectValue
      let hash = large.map { $0["sha256"] ?? $0["oid"] } ?? file["blobId"]
      return HubListedFile(
        name: name, blob: try blob(hash, isLarge: large != nil, of: name, place: place),
        size: try size(large?["size"] ?? file["size"], of: name, place: place))
    }
  }

  private static func blob(
    _ value: JSONValue?, isLarge: Bool, of name: HubFileName, place: String
  ) throws -> HubBlobName? {
    guard let text = value?.stringValue else { return nil }
    guard let blob = HubBlobName(text), (blob.algorithm == .sha256) == isLarge else {
      throw Failure(
        .data, at: place, "a hash of \(Failure.shown(name.text)) expected, found \(Failure.shown(text))")
    }
    return blob
  }

  private static func size(_ value: JSONValue?, of name: HubFileName, place: String) throws -> Int? {
    guard let value, value != .null else { return nil }
    guard let size = value.integerValue, (0...sizeLimit).contains(size) else {
      throw Failure(
        .data, at: place, "a size between 0 and \(sizeLimit) of \(Failure.shown(name.text)) expected, found another")
    }
    return size
  }
}
