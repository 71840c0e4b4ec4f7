// Models from the Hub into its cache: list, describe, bring what is missing, link, note the revision. Every step can be
// killed: what a name stands for is whole before it has the name.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A client of one endpoint.
public struct HubClient {
  package let endpoint: HubURL
  private let token: String?
  let cache: HubCache
  private let isOffline: Bool
  private let environment: HubEnvironment
  private let policy: RetryPolicy
  private let makeTransport: () throws -> any HTTPTransport

  /// - Parameters:
  ///   - endpoint: the Hub's address; nil for what the environment says. Without encryption only on this machine.
  ///   - token: nil for what the environment says.
  ///   - isOffline: whether no connection may be made; nil for what the environment says.
  /// - Throws: `Failure` of kind `configuration` for an address or a token that cannot be used.
  public init(
    endpoint: String? = nil, token: String? = nil, cache: HubCache = HubCache(), isOffline: Bool? = nil
  ) throws {
    try self.init(
      endpoint: endpoint, token: token, cache: cache, isOffline: isOffline, environment: .process,
      policy: RetryPolicy(), makeTransport: { try CurlTransport() })
  }

  package init(
    endpoint: String?, token: String?, cache: HubCache, isOffline: Bool?, environment: HubEnvironment,
    policy: RetryPolicy, makeTransport: @escaping () throws -> any HTTPTransport
  ) throws {
    self.endpoint = try HubClient.checked(endpoint ?? environment.endpoint)
    self.token = try token ?? environment.token()
    self.cache = cache
    self.isOffline = isOffline ?? environment.isOffline
    self.environment = environment
    (self.policy, self.makeTransport) = (policy, makeTransport)
  }

  private static func checked(_ text: String) throws(Failure) -> HubURL {
    guard let url = HubURL(text), !text.utf8.contains(where: { $0 == 0x3F || $0 == 0x23 }) else {
      throw Failure(
        .configuration, at: "HF_ENDPOINT",
        "an address such as https://huggingface.co expected, found \(Failure.shown(text))")
    }
    guard url.scheme == .https || url.isLoopback else {
      throw Failure(
        .configuration, at: "HF_ENDPOINT", "https expected, found \(Failure.shown(text))",
        advice: "Without encryption only localhost is asked.")
    }
    return url
  }

  /// Brings the files of a reference into the cache.
  /// - Parameters:
  ///   - isThorough: whether the hashes of contents that are there are computed too.
  ///   - progress: called as bytes arrive.
  /// - Throws: `Failure`; what has arrived is kept, and the next call goes on.
  public func pull(
    _ reference: HubReference, files: HubFileSelection = .usual, isThorough: Bool = false,
    progress: (HubProgress) -> Void = { _ in }
  ) throws -> HubPull {
    if isOffline { return try offline(reference, files, isThorough: isThorough) }
    let connection = HubConnection(
      endpoint: endpoint, token: token, transport: try makeTransport(), stallSeconds: environment.stallSeconds,
      answerSeconds: environment.answerSeconds)
    let listing = try policy.run { try list(reference, connection) }
    let chosen = try choose(files, listing, reference)
    try cache.prepare(reference, listing.commit)
    let target = PullTarget(
      reference: reference, commit: listing.commit, connection: connection, isThorough: isThorough)
    var pull = HubPull(folder: cache.snapshotFolder(reference, listing.commit), commit: listing.commit.text)
    let parts = try parts(of: chosen, files, listing, target, &pull, progress)
    try bring(chosen + parts, target, &pull, progress)
    try finish(&pull, reference, listing, files)
    return pull
  }

  /// Where files of a pull go, and how.
  private struct PullTarget {
    let reference: HubReference
    let commit: HubCommit
    let connection: HubConnection
    let isThorough: Bool
  }

  /// The weights in several files that the usual choice's index names, whatever they are called; the index is brought.
  private func parts(
    of chosen: [HubListedFile], _ files: HubFileSelection, _ listing: HubListing, _ target: PullTarget,
    _ pull: inout HubPull, _ progress: (HubProgress) -> Void
  ) throws -> [HubListedFile] {
    guard case .usual = files,
      let index = chosen.first(where: { HubFileSelection.indexes.contains($0.name.text) })
    else { return [] }
    var first = pull
    try bring([index], target, &first, progress)
    pull.add(received: first.receivedBytes)
    let names = Set(try cache.parts(in: pull.folder, index.name.text))
    let found = listing.files.filter { file in
      names.contains(file.name) && !chosen.contains { $0.name == file.name }
    }
    return try withoutDevices(found, target.reference)
  }

  /// Brings what is missing of files, and links all.
  private func bring(
    _ files: [HubListedFile], _ target: PullTarget, _ pull: inout HubPull, _ progress: (HubProgress) -> Void
  ) throws {
    let (reference, commit, connection) = (target.reference, target.commit, target.connection)
    var remote: [HubRemoteFile] = []
    for file in files { remote.append(try policy.run { try describe(file, commit, reference, connection) }) }
    let absent = try remote.filter { file in
      let path = cache.blobPath(reference, file.blob)
      return try !file.blob.isContent(of: path, size: file.size, isThorough: target.isThorough)
    }
    try checkSpace(for: absent, reference)
    var counter = HubProgress(of: absent)
    for file in remote {
      pull.add(file)
      if absent.contains(where: { $0.blob == file.blob }) {
        let download = BlobDownload(
          cache: cache, reference: reference, commit: commit, file: file, connection: connection, policy: policy)
        counter.begin(file)
        let received = try download.run(isThorough: target.isThorough) {
          counter.reach($0)
          progress(counter)
        }
        pull.add(received: received)
      }
      try cache.link(reference, commit, file.name, to: file.blob)
    }
  }

  private func finish(
    _ pull: inout HubPull, _ reference: HubReference, _ listing: HubListing, _ files: HubFileSelection
  ) throws {
    let missing = try cache.missingFiles(in: pull.folder).filter(files.takes)
    guard missing.isEmpty else {
      throw Failure(
        .data, at: reference.repository,
        "all parts of the weights expected, found none of \(missing.prefix(5).joined(separator: ", "))",
        advice: "The repository is not whole.")
    }
    let names = Set(listing.files.map(\.name.text))
    let asked = HubFileSelection.askedFor.filter { !names.contains($0) }
    // Only a saving: a cache that cannot take it is as good.
    try? cache.recordAbsence(reference, listing.commit, of: asked)
    try cache.record(reference, is: listing.commit)
  }

  private func offline(
    _ reference: HubReference, _ files: HubFileSelection, isThorough: Bool
  ) throws -> HubPull {
    do {
      let folder = try cache.require(reference, files)
      if isThorough { try cache.verify(folder, files) }
      return HubPull(folder: folder, commit: try cache.commit(of: reference)?.text ?? "")
    } catch let failure as Failure where failure.kind == .missing {
      throw Failure(
        .missing, at: failure.place, "offline (HF_HUB_OFFLINE) and not in the cache: \(failure.problem)",
        advice: "Unset HF_HUB_OFFLINE, or copy the model into the cache.")
    }
  }

  private func checkSpace(for files: [HubRemoteFile], _ reference: HubReference) throws {
    var status = statvfs()
    let folder = "\(cache.repositoryFolder(reference))/blobs"
    guard statvfs(folder, &status) == 0 else { return }
    let free = Double(status.f_bavail) * Double(status.f_frsize)
    var needed = 0.0
    for file in files {
      var partial = stat()
      let isBegun = stat("\(cache.blobPath(reference, file.blob)).incomplete", &partial) == 0
      needed += Double(max(0, file.size - (isBegun ? Int(partial.st_size) : 0)))
    }
    guard needed <= free else {
      throw Failure(
        .inputOutput, at: folder, "space for \(Int(needed)) bytes expected, found \(Int(free))",
        advice: "Free some space, or choose another cache with HF_HUB_CACHE.")
    }
  }
}
