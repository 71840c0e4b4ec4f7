// Pulling from a Hub that behaves: what comes, what does not come twice, what two clients do at once.

import EnsueFiles
import EnsueHub
import EnsueTestSupport
import Foundation
import Synchronization
import Testing

@Suite struct PullTests {
  private static let blobs = "models--org--tiny/blobs"

  @Test func everyUsualFileComesOnce() throws {
    try HubTrial.with { trial in
      let hub = try FakeHub()
      let pauses = HubTrial.Pauses()
      let client = try trial.client(hub, token: "hf_secret", pauses: pauses)
      let reached = Mutex<[Int]>([])
      let last = Mutex(0)
      let pull = try client.pull(HubTrial.reference()) { progress in
        #expect((0...progress.total).contains(progress.completed))
        reached.withLock { $0.append(progress.completed) }
        last.withLock { $0 = progress.received }
      }
      try trial.checkPulled(hub, "first")
      #expect(pull.commit == FakeHub.commit && pull.fileCount == 5 && !pull.hasPickledWeights)
      #expect(pull.receivedBytes == hub.files.filter { !$0.name.hasSuffix(".bin") }.reduce(0) { $0 + $1.content.count })
      #expect(reached.withLock { $0 }.last == pull.receivedBytes)
      #expect(last.withLock { $0 } == pull.receivedBytes)
      #expect(pauses.all.isEmpty)
      // Another host learns nothing about the user.
      #expect(hub.store.requests.count == 1)
      #expect(hub.store.requests.allSatisfy { $0["Authorization"] == nil && $0["Accept-Encoding"] == "identity" })
      #expect(hub.server.requests.allSatisfy { $0["Authorization"] == "Bearer hf_secret" })
      // What the commit lacks is noted for Python's library.
      let absent = "\(trial.root)/models--org--tiny/.no_exist/\(FakeHub.commit)"
      #expect(InputFile.exists("\(absent)/vocab.txt") && !InputFile.exists("\(absent)/config.json"))

      let before = hub.server.requests.count
      let second = try client.pull(HubTrial.reference())
      #expect(second.receivedBytes == 0 && second.folder == pull.folder)
      #expect(hub.server.requests.count == before + 1, "only the list is asked for again")
    }
  }

  @Test func aCommitAndATagAreRevisionsToo() throws {
    try HubTrial.with { trial in
      let hub = try FakeHub()
      for revision in [FakeHub.commit, "v1.0"] {
        let reference = try HubTrial.reference("hub:org/tiny@\(revision)")
        let pull = try trial.client(hub).pull(reference)
        #expect(try trial.cache.resolve("hub:org/tiny@\(revision)") == pull.folder)
      }
      #expect(try InputFile.names(in: "\(trial.root)/models--org--tiny/refs") == ["v1.0"])
      #expect(try trial.cache.snapshot(HubTrial.reference()) == nil)
      #expect(try trial.cache.resolve("./folder") == "./folder")
    }
  }

  @Test func offlineMakesNoConnection() throws {
    try HubTrial.with { trial in
      let hub = try FakeHub()
      let attempts = Atomic<Int>(0)
      func offline() throws -> HubClient {
        try trial.client(hub, isOffline: true) {
          attempts.add(1, ordering: .relaxed)
          return try CurlTransport()
        }
      }
      let failure = #expect(throws: Failure.self) { try offline().pull(HubTrial.reference()) }
      #expect(failure?.kind == .missing)
      #expect(failure?.description.contains("offline (HF_HUB_OFFLINE) and not in the cache") == true)
      #expect(!InputFile.exists(trial.root))
      let pull = try trial.client(hub).pull(HubTrial.reference())
      let before = hub.server.connectionCount
      #expect(try offline().pull(HubTrial.reference()).folder == pull.folder)
      #expect(hub.server.connectionCount == before && attempts.load(ordering: .relaxed) == 0)
      // What is asked for must be there, and has its hash where that is asked for.
      _ = try offline().pull(HubTrial.reference(), files: .matching(["*.json"]), isThorough: true)
      let lacking = #expect(throws: Failure.self) {
        try offline().pull(HubTrial.reference(), files: .matching(["*.onnx"]))
      }
      #expect(lacking?.kind == .missing)
      let weights = try #require(hub.files.first { $0.name == "model.safetensors" })
      var damaged = weights.content
      damaged[77] ^= 1
      try OutputFile.write(damaged, to: "\(trial.root)/\(PullTests.blobs)/\(weights.hash)")
      _ = try offline().pull(HubTrial.reference())
      _ = try offline().pull(HubTrial.reference(), files: .matching(["*.json"]), isThorough: true)
      let mismatch = #expect(throws: Failure.self) { try offline().pull(HubTrial.reference(), isThorough: true) }
      #expect(mismatch?.kind == .data && mismatch?.description.contains("SHA-256 mismatch") == true)
    }
  }

  /// The index says what the parts are called; files that were chosen by name bring none of them along.
  @Test func partsAreThoseOfTheIndex() throws {
    try HubTrial.with { trial in
      let index = #"{"weight_map": {"a": "first.safetensors", "b": "second.safetensors"}}"#
      let parts = ["first", "second", "third"].map {
        FakeFile("\($0).safetensors", FakeHub.bytes(500 + $0.utf8.count), isLarge: true)
      }
      let hub = try FakeHub([FakeFile("config.json", "{}"), FakeFile("model.safetensors.index.json", index)] + parts)
      let some = try trial.client(hub).pull(HubTrial.reference(), files: .matching(["*.json"]))
      #expect(some.fileCount == 2 && !some.hasSafetensors)
      let use = #expect(throws: Failure.self) { try trial.cache.resolve("hub:org/tiny") }
      #expect(use?.description.contains("first.safetensors, second.safetensors") == true)
      let whole = try trial.client(hub).pull(HubTrial.reference())
      #expect(whole.fileCount == 4 && whole.hasSafetensors)
      #expect(try trial.cache.resolve("hub:org/tiny") == whole.folder)
      #expect(try InputFile.contents(of: "\(whole.folder)/second.safetensors") == parts[1].content)
      #expect(!InputFile.exists("\(whole.folder)/third.safetensors"))
    }
  }

  @Test func aPartOfTheWeightsThatIsGoneIsNamed() throws {
    try HubTrial.with { trial in
      let index = #"{"weight_map": {"a": "model-1-of-2.safetensors", "b": "model-2-of-2.safetensors"}}"#
      let parts = (1...2).map { FakeFile("model-\($0)-of-2.safetensors", FakeHub.bytes(1000 + $0), isLarge: true) }
      let hub = try FakeHub([FakeFile("config.json", "{}"), FakeFile("model.safetensors.index.json", index)] + parts)
      _ = try trial.client(hub).pull(HubTrial.reference())
      try OutputFile.remove("\(trial.root)/\(PullTests.blobs)/\(parts[1].hash)")
      let failure = #expect(throws: Failure.self) {
        try trial.client(hub, isOffline: true).pull(HubTrial.reference())
      }
      #expect(failure?.description.contains("found none of model-2-of-2.safetensors") == true, "\(failure!)")
      let use = #expect(throws: Failure.self) { try trial.cache.resolve("hub:org/tiny") }
      #expect(use?.description.contains("Run: ensue pull org/tiny") == true)
      // A repository that itself lacks a part.
      let half = try FakeHub([FakeFile("config.json", "{}"), FakeFile("model.safetensors.index.json", index), parts[0]])
      try HubTrial.with { trial in
        let failure = #expect(throws: Failure.self) { try trial.client(half).pull(HubTrial.reference()) }
        #expect(failure?.description.contains("found none of model-2-of-2.safetensors") == true)
      }
    }
  }

  @Test func aDamagedContentIsFoundAndReplaced() throws {
    try HubTrial.with { trial in
      let hub = try FakeHub()
      _ = try trial.client(hub).pull(HubTrial.reference())
      let weights = try #require(hub.files.first { $0.name == "model.safetensors" })
      let path = "\(trial.root)/\(PullTests.blobs)/\(weights.hash)"
      // Another size is always seen, another byte when asked for.
      try OutputFile.write([1, 2, 3], to: path)
      #expect(try trial.client(hub).pull(HubTrial.reference()).receivedBytes == weights.content.count)
      var damaged = weights.content
      damaged[77] ^= 1
      try OutputFile.write(damaged, to: path)
      #expect(try trial.client(hub).pull(HubTrial.reference()).receivedBytes == 0)
      #expect(
        try trial.client(hub).pull(HubTrial.reference(), isThorough: true).receivedBytes == weights.content.count)
      try trial.checkPulled(hub, "after damage")
    }
  }

  @Test func aContentInTheStoreOfAllRepositoriesIsTaken() throws {
    try HubTrial.with { trial in
      let hub = try FakeHub()
      let weights = try #require(hub.files.first { $0.name == "model.safetensors" })
      try OutputFile.createDirectory("\(trial.root)/\(PullTests.blobs)")
      try OutputFile.createDirectory("\(trial.root)/blobs/ab")
      try OutputFile.write(weights.content, to: "\(trial.root)/blobs/ab/abcd")
      #expect(symlink("../../blobs/ab/abcd", "\(trial.root)/\(PullTests.blobs)/\(weights.hash)") == 0)
      let pull = try trial.client(hub).pull(HubTrial.reference(), isThorough: true)
      #expect(hub.store.requests.isEmpty)
      #expect(try InputFile.contents(of: "\(pull.folder)/model.safetensors") == weights.content)
    }
  }

  @Test func whatIsThereIsNotAskedForAgain() throws {
    try HubTrial.with { trial in
      let hub = try FakeHub()
      let weights = try #require(hub.files.first { $0.name == "model.safetensors" })
      for (beginning, received) in [
        (Array(weights.content.prefix(150_000)), 50_000), (weights.content, 0),
        // What does not belong costs the whole.
        (weights.content + [1], 200_000), ([UInt8](repeating: 7, count: 100_000), 300_000),
      ] {
        try? FileManager.default.removeItem(atPath: trial.root)
        try OutputFile.createDirectory("\(trial.root)/\(PullTests.blobs)")
        try OutputFile.write(beginning, to: "\(trial.root)/\(PullTests.blobs)/\(weights.hash).incomplete")
        let others = hub.files.filter { !$0.isLarge }.reduce(0) { $0 + $1.content.count }
        let pull = try trial.client(hub).pull(HubTrial.reference())
        #expect(pull.receivedBytes == received + others, "\(beginning.count)")
        try trial.checkPulled(hub, "begun with \(beginning.count)")
      }
    }
  }

  @Test func aConnectionMayEndAnywhere() throws {
    let weights = FakeFile("model.safetensors", FakeHub.bytes(3000), isLarge: true)
    for position in stride(from: 0, to: 3000, by: 30) {
      try HubTrial.with { trial in
        let hub = try FakeHub([weights, FakeFile("config.json", "{}")]) { visit in
          guard visit.question == .content(weights.name), visit.count == 0 else { return false }
          visit.send(["Content-Length: 3000"], Array(weights.content[..<position]))
          return true
        }
        #expect(try trial.client(hub).pull(HubTrial.reference()).receivedBytes == 3002)
        try trial.checkPulled(hub, "ended after \(position)")
        #expect(hub.store.requests.last?.start == (position == 0 ? nil : position))
      }
    }
  }

  /// The beginning of the content that the Hub then names otherwise is not gone on with.
  @Test func aContentThatIsNamedOtherwiseIsBegunAnew() throws {
    try HubTrial.with { trial in
      let hub = try FakeHub { visit in
        guard visit.question == .get("model.safetensors"), let content = visit.file?.content else { return false }
        switch visit.count {
        case 0: visit.send(["Content-Length: \(content.count)"], Array(content[..<120_000]))
        case 1: visit.send("302 Found", "X-Linked-Etag: \"\(String(repeating: "0", count: 64))\"", "Location: /x")
        default: return false
        }
        return true
      }
      _ = try trial.client(hub).pull(HubTrial.reference())
      try trial.checkPulled(hub, "named otherwise once")
      let asked = hub.server.requests.filter { $0.method == "GET" && $0.target.hasSuffix("model.safetensors") }
      #expect(asked.map { $0.start } == [nil, 120_000, nil])
    }
  }

  /// An encrypted Hub elsewhere that sends to some other place.
  private struct RedirectingTransport: HTTPTransport {
    let location: String

    func send(_ request: HTTPRequest, body: (HTTPHead, UnsafeRawBufferPointer) throws -> Void) throws -> HTTPHead {
      var head = HTTPHead()
      head.status = 302
      head.fields = [(name: "Location", value: location)]
      guard request.url.host == "hub.example" else { throw HTTPError.broken("\(request.url) was asked") }
      return head
    }
  }

  @Test(arguments: [
    "http://hub.example/x", "https://127.0.0.1/x", "https://localhost:8080/x", "https://[::1]/x", "https://10.0.0.1/x",
    "https://169.254.169.254/latest/meta-data", "https://2130706433/", "https://0x7f000001/", "https://a.localhost/",
    "file:///etc/passwd",
  ])
  func aHubElsewhereMayNotSendUsHere(_ location: String) throws {
    try HubTrial.with { trial in
      var policy = RetryPolicy()
      policy.pause = { _ in }
      let client = try HubClient(
        endpoint: "https://hub.example", token: "hf_secret", cache: trial.cache, isOffline: false,
        environment: HubEnvironment { _ in nil }, policy: policy,
        makeTransport: { RedirectingTransport(location: location) })
      let failure = #expect(throws: Failure.self) { try client.pull(HubTrial.reference()) }
      #expect(failure?.kind == .data, "\(failure?.description ?? "nothing")")
      #expect(failure?.description.contains("a redirect to") == true, "\(failure?.description ?? "nothing")")
    }
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may write everywhere"))
  func aCacheThatMayOnlyBeReadIsNamed() throws {
    try HubTrial.with { trial in
      let hub = try FakeHub()
      try OutputFile.createDirectory(trial.root)
      #expect(chmod(trial.root, 0o555) == 0)
      defer { chmod(trial.root, 0o755) }
      let failure = #expect(throws: Failure.self) { try trial.client(hub).pull(HubTrial.reference()) }
      #expect(failure?.kind == .cannotCreate && failure?.description.contains(trial.root) == true)
    }
  }

  @Test func clientsAtOnceShareTheWork() throws {
    try HubTrial.with { trial in
      // The content comes only when all have begun.
      let lists = Atomic<Int>(0)
      let hub = try FakeHub { visit in
        if visit.question == .list { lists.add(1, ordering: .relaxed) }
        guard visit.question == .content("model.safetensors") else { return false }
        for _ in 0..<500 where lists.load(ordering: .relaxed) < 3 { usleep(10_000) }
        usleep(500_000)
        return false
      }
      let failures = Mutex<[String]>([])
      let (group, count) = (DispatchGroup(), 3)
      for _ in 0..<count {
        group.enter()
        Thread.detachNewThread {
          defer { group.leave() }
          do {
            _ = try trial.client(hub).pull(HubTrial.reference())
          } catch {
            failures.withLock { $0.append("\(error)") }
          }
        }
      }
      #expect(group.wait(timeout: .now() + 30) == .success)
      #expect(failures.withLock { $0 } == [])
      try trial.checkPulled(hub, "three at once")
      #expect(hub.store.requests.count == 1)
    }
  }

  @Test func weightsComeInOneFormat() throws {
    let usual = [
      "config.json", "tokenizer.json", "x/config.json", "2_Dense/config.json", "notes.txt", "flax_model.msgpack",
    ]
    let kept = ["2_Dense/config.json", "config.json"]
    let selection = HubFileSelection.usual
    #expect(selection.chosen(among: usual) == kept + ["tokenizer.json"])
    #expect(
      selection.chosen(among: ["pytorch_model.bin", "model.safetensors", "model-00001-of-00002.safetensors"])
        == ["model.safetensors"])
    let index = "model.safetensors.index.json"
    #expect(selection.chosen(among: ["model-00001-of-00002.safetensors", index, "pytorch_model.bin"]) == [index])
    let transformer = ["0_Transformer/config.json", "0_Transformer/model.safetensors", "0_Transformer/vocab.txt"]
    let others = ["0_Transformer/pytorch_model.bin", "onnx/model.json"]
    #expect(selection.chosen(among: transformer + others) == transformer)
    #expect(selection.chosen(among: ["pytorch_model.bin", "tf_model.h5"]) == ["pytorch_model.bin"])
    #expect(HubFileSelection.matching(["*.json"]).chosen(among: usual).count == 4)
    #expect(HubFileSelection.matching(["[", "*.nothing"]).chosen(among: usual) == [])
  }

  @Test func placesThatCannotBeWrittenAreNamed() throws {
    try HubTrial.with { trial in
      let hub = try FakeHub()
      try OutputFile.createDirectory("\(trial.folder)/cache")
      try OutputFile.write("a file", to: trial.root)
      let failure = #expect(throws: Failure.self) { try trial.client(hub).pull(HubTrial.reference()) }
      #expect(failure?.kind == .cannotCreate)
      try OutputFile.remove(trial.root)
      // A link may lead out of the cache.
      try OutputFile.createDirectory("\(trial.root)/models--org--tiny")
      #expect(symlink("/tmp", "\(trial.root)/models--org--tiny/blobs") == 0)
      let link = #expect(throws: Failure.self) { try trial.client(hub).pull(HubTrial.reference()) }
      #expect(link?.kind == .cannotCreate && link?.description.contains("may lead out of the cache") == true)
    }
  }

  @Test func aFileLargerThanTheDiskIsRefusedBefore() throws {
    try HubTrial.with { trial in
      let hash = String(repeating: "ab", count: 32)
      let hub = try FakeHub { visit in
        guard visit.question == .list else { return false }
        let large = #"{"rfilename": "model.safetensors", "lfs": {"sha256": "\#(hash)", "size": 17592186044416}}"#
        visit.sendJSON(#"{"sha": "\#(FakeHub.commit)", "siblings": [\#(large)]}"#)
        return true
      }
      try OutputFile.createDirectory("\(trial.root)/\(PullTests.blobs)")
      // The list is enough where a content is known: no question about the file is needed.
      try OutputFile.write("", to: "\(trial.root)/\(PullTests.blobs)/\(hash)")
      let failure = #expect(throws: Failure.self) { try trial.client(hub).pull(HubTrial.reference()) }
      #expect(failure?.kind == .inputOutput)
      #expect(failure?.description.contains("space for 17592186044416 bytes expected") == true, "\(failure!)")
    }
  }
}
