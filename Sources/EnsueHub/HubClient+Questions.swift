// The two questions before any file: what a repository holds, and what a file is.

import EnsueFiles

extension HubClient {
  func list(_ reference: HubReference, _ connection: HubConnection) throws -> HubListing {
    let place = "\(reference)"
    let path =
      "/api/models/\(HubURL.encoded(reference.repository, keepsSlashes: true))/revision/"
      + "\(HubURL.encoded(reference.revision))?blobs=true"
    var bytes: [UInt8] = []
    let head = try connection.send(
      .get, path, what: place, headers: [("Accept", "application/json")], limitSeconds: connection.answerSeconds * 2,
      body: { _, piece in
        guard bytes.count + piece.count <= HubListing.byteLimit else {
          throw Failure(.data, at: place, "a list of at most \(HubListing.byteLimit) bytes expected, found more")
        }
        bytes.append(contentsOf: piece)
      })
    try connection.checkStatus(head, what: place, of: reference)
    return try HubListing(bytes, of: reference, place: place)
  }

  func choose(_ files: HubFileSelection, _ listing: HubListing, _ reference: HubReference) throws -> [HubListedFile] {
    let chosen = files.chosen(among: listing.files, name: \.name.text)
    guard !chosen.isEmpty else {
      let first = listing.files.prefix(5).map(\.name.text).joined(separator: ", ")
      throw Failure(
        .missing, at: "\(reference)", "files of a model expected, found none among \(Failure.shown(first))",
        advice: "Choose others with --include.")
    }
    return try withoutDevices(chosen, reference)
  }

  /// Refuses names that no folder of Windows can hold.
  func withoutDevices(_ files: [HubListedFile], _ reference: HubReference) throws(Failure) -> [HubListedFile] {
    if let device = files.first(where: \.name.isDevice) {
      throw Failure(
        .data, at: "\(reference)", "a file name expected, found a device's in \(Failure.shown(device.name.text))")
    }
    return files
  }

  /// What a file is; asked of the Hub, and compared with what the list says.
  func describe(
    _ file: HubListedFile, _ commit: HubCommit, _ reference: HubReference, _ connection: HubConnection
  ) throws -> HubRemoteFile {
    if let blob = file.blob, let size = file.size, InputFile.exists(cache.blobPath(reference, blob)) {
      return HubRemoteFile(name: file.name, blob: blob, size: size)
    }
    let what = "\(reference.repository)/\(file.name.text)"
    let path =
      "/\(HubURL.encoded(reference.repository, keepsSlashes: true))/resolve/\(commit.text)/"
      + HubURL.encoded(file.name.text, keepsSlashes: true)
    let head = try connection.send(
      .head, path, what: what, staysHere: true, limitSeconds: connection.answerSeconds,
      check: { head in
        guard let found = head["X-Repo-Commit"], HubCommit(found) != commit else { return }
        throw Failure(
          .data, at: what, "the commit \(commit.text) expected, found \(Failure.shown(found))",
          advice: "Run the same command again.")
      })
    if !(300...399).contains(head.status) { try connection.checkStatus(head, what: what, of: reference) }
    let blob = try blob(head, what: what)
    let size = try size(head, what: what) ?? file.size
    guard let size else { throw Failure(.data, at: what, "a size expected, found none") }
    guard file.blob == nil || file.blob == blob, file.size == nil || file.size == size else {
      throw Failure(
        .data, at: what,
        "\(file.blob?.text ?? "a content") of \(file.size ?? size) bytes expected, as listed, found \(blob.text) of \(size)"
      )
    }
    return HubRemoteFile(name: file.name, blob: blob, size: size)
  }

  private func blob(_ head: HTTPHead, what: String) throws -> HubBlobName {
    let isRedirect = (300...399).contains(head.status)
    guard let tag = head["X-Linked-Etag"] ?? (isRedirect ? nil : head["ETag"]) else {
      let isPage = head["Content-Type"]?.lowercased().hasPrefix("text/html") == true
      throw Failure(
        .data, at: what, "an ETag with the file's hash expected, found none",
        advice: isPage ? "It is a web page: a proxy or a login page may stand between here and the Hub." : "")
    }
    guard let blob = HubBlobName(entityTag: tag) else {
      throw Failure(
        .data, at: what, "an ETag of 40 or 64 hexadecimal digits expected, found \(Failure.shown(tag))")
    }
    return blob
  }

  private func size(_ head: HTTPHead, what: String) throws -> Int? {
    let isRedirect = (300...399).contains(head.status)
    let name = head["X-Linked-Size"] != nil || isRedirect ? "X-Linked-Size" : "Content-Length"
    guard let text = head[name] else { return nil }
    guard let size = head.number(name), size <= HubListing.sizeLimit else {
      throw Failure(
        .data, at: what, "a size of at most \(HubListing.sizeLimit) bytes expected, found \(Failure.shown(text))")
    }
    return size
  }
}
