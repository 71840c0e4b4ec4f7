// A cache in a folder of its own, a client with short pauses, and what must be true of a cache at any moment.

import EnsueFiles
import EnsueHub
import EnsueTestSupport
import Foundation
import Synchronization
import Testing

/// A cache for one test.
struct HubTrial: Sendable {
  let folder: String
  var root: String { "\(folder)/cache/hub" }
  var cache: HubCache { HubCache(root: root) }

  static func with<Result>(_ body: (HubTrial) throws -> Result) throws -> Result {
    try TestFiles.withDirectory { try body(HubTrial(folder: $0)) }
  }

  static func reference(_ text: String = FakeHub.repository) throws -> HubReference { try HubReference(text) }

  /// Seconds of the pauses that a client asked for.
  final class Pauses: Sendable {
    private let seconds = Mutex<[Double]>([])
    func add(_ pause: Double) { seconds.withLock { $0.append(pause) } }
    var all: [Double] { seconds.withLock { $0 } }
  }

  func client(
    _ hub: FakeHub, tries: Int = 4, token: String? = nil, isOffline: Bool = false, pauses: Pauses = Pauses(),
    makeTransport: @escaping () throws -> any HTTPTransport = { try CurlTransport() }
  ) throws -> HubClient {
    var policy = RetryPolicy()
    policy.tries = tries
    policy.pause = { pauses.add($0) }
    let environment = HubEnvironment { name in
      ["HF_HUB_DOWNLOAD_TIMEOUT": "1", "HF_HUB_ETAG_TIMEOUT": "2", "HOME": "/nowhere"][name]
    }
    return try HubClient(
      endpoint: hub.server.address, token: token, cache: cache, isOffline: isOffline, environment: environment,
      policy: policy, makeTransport: makeTransport)
  }

  /// What must hold whatever has happened: a content has its name's hash, and nothing lies outside.
  func checkCache(_ comment: String) throws {
    #expect(try InputFile.names(in: folder).filter { $0 != "cache" } == [], "\(comment)")
    guard InputFile.exists(root) else { return }
    #expect(try InputFile.names(in: "\(folder)/cache") == ["hub"], "\(comment)")
    let model = "\(root)/models--org--tiny"
    let known = [".locks", "models--org--tiny"]
    #expect(try InputFile.names(in: root).filter { !known.contains($0) } == [], "\(comment)")
    guard InputFile.exists("\(model)/blobs") else { return }
    for name in try InputFile.names(in: "\(model)/blobs") where !name.hasSuffix(".incomplete") {
      let bytes = try InputFile.contents(of: "\(model)/blobs/\(name)")
      #expect(FakeFile("", bytes, isLarge: name.utf8.count == 64).hash == name, "\(comment)")
    }
  }

  /// What must hold after a pull: every chosen file whole, linked as Python's library links it, the branch known.
  func checkPulled(_ hub: FakeHub, _ comment: String) throws {
    try checkCache(comment)
    let snapshot = "\(root)/models--org--tiny/snapshots/\(FakeHub.commit)"
    #expect(try cache.snapshot(HubTrial.reference()) == snapshot, "\(comment)")
    for file in hub.files where !file.name.hasSuffix(".bin") {
      let path = "\(snapshot)/\(file.name)"
      #expect(try InputFile.contents(of: path) == file.content, "\(comment): \(file.name)")
      let up = file.name.contains("/") ? "../../../blobs/" : "../../blobs/"
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == up + file.hash, "\(comment)")
      #expect(!InputFile.exists("\(root)/models--org--tiny/blobs/\(file.hash).incomplete"), "\(comment)")
    }
    let ref = try InputFile.contents(of: "\(root)/models--org--tiny/refs/main")
    #expect(String(decoding: ref, as: UTF8.self) == FakeHub.commit, "\(comment)")
  }
}
